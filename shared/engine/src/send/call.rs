//! From the decision to send to the provider's answer.

use std::time::Duration;

use chrono::{DateTime, Utc};
use touchline_domain::{
    ids::{PersonaId, ResourceId},
    message::Persona,
    sending::{
        Reason, gate,
        gate::Decision,
        journey::Enrolment,
        limits::{self, Use},
        price,
        resource::{Resource, ResourceKind},
        touch::{Outcome, Purpose, Touch},
    },
};

use super::{CONTENDED, Disposition, SendPorts, Sender, View};
use crate::{
    channel::{self, Compose, ComposeError, Composed, Draft, Handover},
    facts,
    ports::{Candidate, PortError, Reservation, Reserved, Saved},
    provider::{Accepted, Refusal, SendError},
    timing,
    work::Work,
};

/// A message that a provider would not take now comes back after this, if the provider names no time.
const RETRY_SECS: u32 = 20;
/// A queue can hold a message back for at most this long.
const RETRY_MAX_SECS: u32 = 900;

impl<P, C, H, N> Sender<'_, P, C, H, N>
where
    P: SendPorts,
    C: Compose,
    H: Handover<C::Message>,
    N: Fn() -> DateTime<Utc> + Sync,
{
    /// The gate said `Send`: find a resource, claim the touch, ask the gate again, call.
    pub(super) async fn attempt(
        &self,
        view: View,
        work: Work,
        now: DateTime<Utc>,
    ) -> Result<Disposition, PortError> {
        let Some(enrolment) = view.journey.enrolment(&work.campaign).cloned() else {
            return Ok(Disposition::NothingDue);
        };
        let Some(persona) = persona_for(&view, &enrolment) else {
            return self
                .end_without_call(view, &work, Outcome::Skipped, Reason::NoResource, None)
                .await;
        };
        let usable = self.usable_resources(&view, &enrolment, &persona);
        let Some(first) = usable.first() else {
            return self.defer_no_capacity(view, &work, now).await;
        };
        // Written once before anything is taken, so that a template at fault costs nothing.
        if let Err(error) = self.compose(&view, &work, &enrolment, &persona, first) {
            return self.end_unwritten(view, &work, error).await;
        }
        let provider = first.provider;
        if let Some(until) = self.ports.open_until(provider, now).await? {
            let secs = u32::try_from((until - now).num_seconds())
                .unwrap_or(RETRY_SECS)
                .max(1);
            return Ok(Disposition::Retry {
                after_secs: secs,
                reason: Reason::ProviderUnavailable,
            });
        }
        let wish = reservation(&view, &work, first, &usable, now);
        match self.ports.reserve(&wish).await? {
            Reserved::Exhausted => self.defer_no_capacity(view, &work, now).await,
            Reserved::NotThisMinute => {
                let until = timing::later_minute(&work, now);
                self.defer(view, &work, until, Reason::RateLimited, now)
                    .await
            }
            Reserved::By(id) => match usable.into_iter().find(|r| r.id == id) {
                Some(resource) => {
                    self.claim_and_call(view, work, enrolment, persona, resource, wish)
                        .await
                }
                None => self.defer_no_capacity(view, &work, now).await,
            },
        }
    }

    async fn claim_and_call(
        &self,
        mut view: View,
        work: Work,
        enrolment: Enrolment,
        persona: Persona,
        resource: Resource,
        wish: Reservation,
    ) -> Result<Disposition, PortError> {
        let expected = view.journey.version;
        view.journey.take(
            work.touch.clone(),
            work.channel,
            Some(resource.id.clone()),
            wish.now,
        );
        view.journey.version = expected + 1;
        if self.ports.save(&view.journey, expected).await? == Saved::Conflict {
            self.ports.release(&wish, &resource.id).await?;
            return Ok(CONTENDED);
        }
        // Invariant 3: the decision that counts is made after the claim, on what is known now.
        let now = (self.now)();
        let address = self.address_facts(&view, &work).await?;
        if let Some(context) = self
            .ports
            .context(&view.journey.tenant, &work.campaign)
            .await?
        {
            view.context = context;
        }
        let mut input = facts::gate_input(
            &view.lead,
            &view.journey,
            &view.context,
            &work,
            &address,
            now,
        );
        input.killed |= view.context.switches.stops_resource(&resource.id);
        let decision = gate::decide(&input);
        if decision != Decision::Send {
            self.ports.release(&wish, &resource.id).await?;
            return self.withdraw(view, &work, decision, now).await;
        }
        let composed = match self.compose(&view, &work, &enrolment, &persona, &resource) {
            Ok(composed) => composed,
            Err(error) => {
                self.ports.release(&wish, &resource.id).await?;
                return self.end_unwritten(view, &work, error).await;
            }
        };
        let mut touch = work.record(&view.journey, Outcome::Sent, None, now);
        touch.resource = Some(resource.id.clone());
        touch.provider = Some(resource.provider);
        touch.evidence = Some(facts::evidence(
            &view.lead,
            &view.context,
            &work,
            &address,
            now,
        ));
        let answer = self
            .handover
            .send(resource.provider, &composed.message)
            .await;
        touch.at = (self.now)();
        // The outcome is written before the breaker is told: should telling fail, the message comes back and finds it.
        let health = health(&answer);
        let (provider, at) = (resource.provider, touch.at);
        let handed = Handed {
            work,
            touch,
            wish,
            persona: persona.id,
            resource,
            thread: composed.thread,
        };
        let disposition = self.finish(view, handed, answer).await?;
        self.ports.note(provider, health, at).await?;
        Ok(disposition)
    }

    /// What the provider's answer makes of the touch.
    async fn finish(
        &self,
        view: View,
        handed: Handed,
        answer: Result<Accepted, SendError>,
    ) -> Result<Disposition, PortError> {
        let Handed {
            work,
            mut touch,
            wish,
            persona,
            resource,
            thread,
        } = handed;
        match answer {
            Ok(accepted) => {
                touch.provider_message_id = Some(accepted.provider_message_id);
                touch.cost = accepted.cost.unwrap_or(wish.price);
                // A follow-up refers to the id that the recipient has seen, whoever gave it (SEQ-6, R28).
                let thread =
                    thread.map(|(subject, ours)| (subject, accepted.message_id.unwrap_or(ours)));
                self.finish_sent(view, &work, touch, Some((persona, resource)), thread)
                    .await
            }
            Err(SendError::RateLimited { retry_after, .. }) => {
                self.ports.release(&wish, &resource.id).await?;
                self.give_back(view, retry_after).await
            }
            Err(SendError::Unavailable { .. }) => {
                self.ports.release(&wish, &resource.id).await?;
                self.give_back(view, None).await
            }
            Err(SendError::Rejected {
                refusal,
                code,
                message,
            }) => {
                touch.detail = Some(format!("{code}: {message}"));
                self.finish_refused(view, &work, touch, refusal).await
            }
            Err(SendError::Unknown { code }) => {
                touch.outcome = Outcome::Unknown;
                touch.reason = Some(Reason::OutcomeUnknown);
                touch.detail = Some(code);
                touch.cost = wish.price;
                self.finish_sent(view, &work, touch, Some((persona, resource)), thread)
                    .await
            }
        }
    }

    fn compose(
        &self,
        view: &View,
        work: &Work,
        enrolment: &Enrolment,
        persona: &Persona,
        resource: &Resource,
    ) -> Result<Composed<C::Message>, ComposeError> {
        self.composer.compose(&Draft {
            reference: &work.reference(&view.journey),
            channel: work.channel,
            lead: &view.lead,
            journey: &view.journey,
            context: &view.context,
            enrolment,
            persona,
            resource,
            purpose: work.purpose,
            answer: work.answer.as_ref(),
        })
    }

    async fn end_unwritten(
        &self,
        view: View,
        work: &Work,
        error: ComposeError,
    ) -> Result<Disposition, PortError> {
        self.end_without_call(
            view,
            work,
            Outcome::Failed,
            error.reason,
            Some(error.detail),
        )
        .await
    }

    async fn defer_no_capacity(
        &self,
        view: View,
        work: &Work,
        now: DateTime<Utc>,
    ) -> Result<Disposition, PortError> {
        let until = timing::next_day(&view.lead, &view.context, work.channel, now);
        self.defer(view, work, until, Reason::NoCapacity, now).await
    }

    /// The provider certainly did not take it: the claim ends and the message goes back to the queue.
    async fn give_back(
        &self,
        mut view: View,
        retry_after: Option<Duration>,
    ) -> Result<Disposition, PortError> {
        let after_secs = retry_after
            .map_or(RETRY_SECS, |wait| {
                u32::try_from(wait.as_secs())
                    .unwrap_or(RETRY_MAX_SECS)
                    .max(1)
            })
            .min(RETRY_MAX_SECS);
        self.change(&mut view, |journey| journey.claim = None)
            .await?;
        Ok(Disposition::Retry {
            after_secs,
            reason: Reason::ProviderUnavailable,
        })
    }

    /// The resources that may send this touch: the persona's only, and the lead's own where it keeps one (LIM-2).
    fn usable_resources(
        &self,
        view: &View,
        enrolment: &Enrolment,
        persona: &Persona,
    ) -> Vec<Resource> {
        let sticky = enrolment
            .mailbox
            .as_ref()
            .filter(|_| channel::rules(C::CHANNEL).keeps_sender);
        view.context
            .resources
            .iter()
            .filter(|r| channel::serves(r, C::CHANNEL))
            .filter(|r| r.persona.as_ref().is_none_or(|id| *id == persona.id))
            .filter(|r| sticky.is_none_or(|id| r.id == *id))
            .filter(|r| !view.context.switches.stops_resource(&r.id))
            .filter(|r| self.handover.serves(r.provider))
            .cloned()
            .collect()
    }

    /// What a refusal means for the lead besides the end of this touch.
    async fn finish_refused(
        &self,
        view: View,
        work: &Work,
        mut touch: touchline_domain::sending::touch::Touch,
        refusal: Refusal,
    ) -> Result<Disposition, PortError> {
        touch.outcome = Outcome::Failed;
        touch.reason = Some(match refusal {
            Refusal::InvalidAddress => Reason::InvalidAddress,
            Refusal::OptedOut => Reason::OptedOut,
            Refusal::Sender | Refusal::Content => Reason::ProviderRefused,
        });
        if refusal == Refusal::OptedOut
            && let Some(address) = facts::address_of(&view.lead, work.channel)
        {
            let record = facts::opted_out_at_provider(touch.at, &touch.id);
            self.ports
                .suppress(&view.journey.tenant, &address.hash(), &record)
                .await?;
        }
        self.finish_failed(view, work, touch, refusal).await
    }
}

/// The persona of the enrolment, else one that can carry a sequence, the same one for the same lead.
fn persona_for(view: &View, enrolment: &Enrolment) -> Option<Persona> {
    let personas = &view.context.personas;
    if let Some(id) = &enrolment.persona {
        return personas.iter().find(|p| p.id == *id).cloned();
    }
    let able: Vec<&Persona> = personas
        .iter()
        .filter(|p| {
            view.context.resources.iter().any(|r| {
                channel::serves(r, channel::CHOOSES_PERSONA)
                    && r.persona.as_ref().is_none_or(|id| *id == p.id)
            })
        })
        .collect();
    let pool: Vec<&Persona> = if able.is_empty() {
        personas.iter().collect()
    } else {
        able
    };
    let seed = view.journey.lead.as_str().bytes().fold(0usize, |sum, b| {
        sum.wrapping_mul(31).wrapping_add(usize::from(b))
    });
    pool.get(seed % pool.len().max(1)).map(|p| (*p).clone())
}

/// A unit of any of the `usable` resources. Its day and its price are those of the `first`.
fn reservation(
    view: &View,
    work: &Work,
    first: &Resource,
    usable: &[Resource],
    now: DateTime<Utc>,
) -> Reservation {
    let channel = work.channel;
    let wanted_for = if work.purpose == Purpose::Step {
        Use::Outreach
    } else {
        Use::Answer
    };
    let date = first.local_date(now);
    let domain_of = |id: &ResourceId| {
        view.context
            .resources
            .iter()
            .find(|r| r.kind == ResourceKind::EmailDomain && r.id == *id)
    };
    let candidates = usable
        .iter()
        .map(|r| Candidate {
            resource: r.id.clone(),
            limit: limits::per_day(r, channel, date, wanted_for),
            domain: r
                .domain
                .as_ref()
                .and_then(domain_of)
                .map(|d| (d.id.clone(), limits::per_day(d, channel, date, wanted_for))),
        })
        .collect();
    let has_budget =
        view.context.tenant.monthly_budget.is_some() || view.context.campaign.budget.is_some();
    Reservation {
        tenant: view.journey.tenant.clone(),
        campaign: has_budget.then(|| work.campaign.clone()),
        channel,
        date,
        candidates,
        tenant_limit: limits::per_tenant_day(channel),
        per_minute: channel::rules(channel).per_minute,
        now,
        price: price::list_price(first.provider, channel),
    }
}

/// A touch that was handed to its provider, and what its end has to know.
struct Handed {
    work: Work,
    touch: Touch,
    wish: Reservation,
    persona: PersonaId,
    resource: Resource,
    thread: Option<(String, String)>,
}

/// Whether a provider that answers so is well (SEND-3).
fn health<T>(answer: &Result<T, SendError>) -> bool {
    !matches!(
        answer,
        Err(SendError::Unavailable { .. } | SendError::Unknown { .. })
    )
}
