//! `touchline inbox`: what leads wrote, who has it, and what a person does about it (INB-1, FUP-1). Every answer leaves
//! through the gate, like any other message.

mod act;
mod list;
mod show;
mod tasks;

use clap::{Args, Subcommand};
use touchline_domain::{channel::Channel, ids::TenantId, inbox::Bucket};
use touchline_engine::desk::inbox::Filter;
use touchline_stack::{
    args::Global, choice::one_of, error::CliError, records::Records, span, target::Target,
};

use self::act::Act;
use crate::who::Who;

pub(super) use list::age;

/// What people see in place of an id, an agent or a time that is not there.
const NONE: &str = "-";

const EXAMPLES: &str = "\
Examples:
  touchline inbox list acme                      what waits, the most urgent first
  touchline inbox list acme --search price       conversations in which somebody wrote 'price'
  touchline inbox show acme ana@redgum.example   the conversation, and what we sent
  touchline inbox assign acme lead_7f.. --to ben
  touchline inbox reply acme lead_7f.. 'It is 12 dollars a month.'
  touchline inbox snooze acme lead_7f.. 3d       it comes back then, or when they write
  touchline inbox close acme lead_7f..

A lead is named by its id, e-mail address or phone number. LATE marks what a person had to
answer by now: a question or complaint within 1 h, a hot lead within 2 h, the rest within a day.";

/// Reads and works the inbox.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct InboxArgs {
    /// What to do.
    #[command(subcommand)]
    pub what: What,
}

/// A conversation.
#[derive(Clone, Debug, Args)]
pub struct One {
    /// The tenant.
    pub tenant: TenantId,
    /// The lead's id, e-mail address or phone number.
    pub lead: String,
    /// Who does it.
    #[command(flatten)]
    pub who: Who,
}

/// What can be done with the inbox.
#[derive(Clone, Debug, Subcommand)]
pub enum What {
    /// Conversations that wait, the most urgent first: age, channel, intent, lead, and by when to answer.
    List {
        /// The tenant.
        tenant: TenantId,
        /// Also those that are closed or put off.
        #[arg(long)]
        all: bool,
        /// Only those in this bucket.
        #[arg(long, value_parser = one_of::<Bucket>())]
        bucket: Option<Bucket>,
        /// Only those that this person has.
        #[arg(long, value_name = "WHO")]
        assignee: Option<String>,
        /// Only those in which somebody wrote this.
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
    },
    /// One conversation: its messages, what we sent, and how it moved.
    Show(One),
    /// What a person has to do: complaints, calls, reviews, and questions that nobody answered.
    Tasks {
        /// The tenant.
        tenant: TenantId,
    },
    /// Give a conversation to somebody, or take it back from everybody.
    Assign {
        /// Which.
        #[command(flatten)]
        one: One,
        /// To whom; nobody if not given.
        #[arg(long, value_name = "WHO")]
        to: Option<String>,
    },
    /// Note that everything in it was read.
    Read(One),
    /// Answer it: the text leaves through the queue and the gate, in place of any automatic answer that waits.
    Reply {
        /// Which.
        #[command(flatten)]
        one: One,
        /// The text.
        text: String,
        /// On another channel than the last message came on.
        #[arg(long, value_parser = one_of::<Channel>())]
        channel: Option<Channel>,
    },
    /// Put it off; it comes back then, or with the next message.
    Snooze {
        /// Which.
        #[command(flatten)]
        one: One,
        /// For how long, for example 4h or 3d.
        #[arg(value_parser = span::parse, value_name = "SPAN")]
        span: std::time::Duration,
    },
    /// File it in another bucket.
    Move {
        /// Which.
        #[command(flatten)]
        one: One,
        /// Which bucket.
        #[arg(value_parser = one_of::<Bucket>())]
        bucket: Bucket,
    },
    /// It is dealt with, until they write again; its tasks and reminders end.
    Close(One),
}

/// Does it.
///
/// # Errors
/// There is no such conversation, or the stack does not answer.
pub async fn run(global: &Global, args: &InboxArgs) -> Result<(), CliError> {
    let target = Target::open(&global.stack, global.aws).await?;
    let records = Records::open(&target).await?;
    let desk = Desk {
        format: global.format(),
        now: target.now()?,
        records,
    };
    match &args.what {
        What::List {
            tenant,
            all,
            bucket,
            assignee,
            search,
        } => {
            let filter = Filter {
                all: *all,
                bucket: *bucket,
                assignee: assignee.as_deref(),
                search: search.as_deref(),
            };
            list::run(&desk, tenant, filter).await
        }
        What::Show(one) => show::run(&desk, one).await,
        What::Tasks { tenant } => tasks::run(&desk, tenant).await,
        What::Reply { one, text, channel } => act::reply(&desk, one, text, *channel).await,
        What::Close(one) => act::run(&desk, one, Act::Close).await,
        What::Assign { one, to } => act::run(&desk, one, Act::Assign(to.as_deref())).await,
        What::Read(one) => act::run(&desk, one, Act::Read).await,
        What::Snooze { one, span } => act::run(&desk, one, Act::Snooze(*span)).await,
        What::Move { one, bucket } => act::run(&desk, one, Act::File(*bucket)).await,
    }
}

/// What every act needs.
struct Desk {
    format: touchline_stack::output::Format,
    now: chrono::DateTime<chrono::Utc>,
    records: Records,
}
