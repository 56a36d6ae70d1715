//! The unified inbox, the call queue and the follow-ups: what waits for a person, how urgent it is, and what happens
//! when nobody acts (INB-1, CALL-1, FUP-1). Stores nothing and sends nothing.

mod bucket;
mod call;
mod conversation;
mod follow_up;
mod record;

pub use bucket::{Bucket, Priority};
pub use call::{Call, CallCause, CallOutcome};
pub use conversation::{Conversation, Move, Status};
pub use follow_up::{FollowUp, Nudge, Reminder, follow_ups};
pub use record::{InboxMessage, Task, TaskKind};
