//! What a reply leaves for people to do (REP-3, REP-5, FUP-1). Every task's id comes from the reply, so that it exists
//! once.

use chrono::{DateTime, Utc};
use touchline_domain::{
    inbox::{CallCause, Reminder, Task, TaskKind},
    replies::{self, Action, Answer, Classification, Intent},
};

use super::Case;

/// The task that a reply, which came at `came`, makes at once, and the reminder that is due later.
pub(super) fn of(
    case: &Case<'_>,
    action: &Action,
    read: &Classification,
    reminder: Option<&(Reminder, DateTime<Utc>)>,
    came: DateTime<Utc>,
) -> Vec<Task> {
    let at_once = kind(case, action).map(|kind| Task {
        cause: (kind == TaskKind::Call).then(|| call_cause(action, read)),
        ..task(case, kind, case.event.event_id.clone(), came)
    });
    let later = reminder.map(|(reminder, at)| {
        let kind = match reminder {
            Reminder::UnansweredQuestion => TaskKind::Question,
            Reminder::HotLead => TaskKind::HotLead,
        };
        task(case, kind, format!("{kind}:{}", case.event.event_id), *at)
    });
    at_once.into_iter().chain(later).collect()
}

fn task(case: &Case<'_>, kind: TaskKind, id: String, at: DateTime<Utc>) -> Task {
    Task {
        id,
        tenant: case.sender.tenant.clone(),
        lead: case.sender.lead.clone(),
        kind,
        at,
        channel: case.channel,
        cause: None,
        done_by: None,
        done_at: None,
    }
}

fn kind(case: &Case<'_>, action: &Action) -> Option<TaskKind> {
    match (action.alert, action.task) {
        (Some(replies::Alert::Complaint), _) => Some(TaskKind::Complaint),
        (None, Some(replies::Task::CallQueue)) => Some(TaskKind::Call),
        (None, Some(replies::Task::Review)) => Some(TaskKind::Review),
        (None, None) if action.answer == Some(Answer::CalendarLink) && !has_calendar(case) => {
            Some(TaskKind::Meeting)
        }
        (None, None) => None,
    }
}

fn call_cause(action: &Action, read: &Classification) -> CallCause {
    if !action.gold && read.intent == Intent::CalledPhoneLine {
        CallCause::CalledUs
    } else {
        CallCause::GoldLabel
    }
}

fn has_calendar(case: &Case<'_>) -> bool {
    case.context
        .as_ref()
        .is_some_and(|c| c.personas.iter().any(|p| p.calendar_link.is_some()))
}
