//! When a touch may happen: zones, windows, holidays, the law's hours, and the minute inside them (GATE-8, WIN-1..WIN-4).
//! Pure functions of an instant and what is known of the recipient. What is not known only ever narrows the answer.

pub mod civil;
pub mod days;
pub mod explain;
pub mod holidays;
pub mod hours;
pub mod law;
pub mod plan;
pub mod purpose;
pub mod region;
mod walk;
pub mod window;
pub mod zones;

pub use civil::{Zone, ZoneError};
pub use days::{DayKind, add_days, is_working_day, opt_out_deadline};
pub use explain::{WindowAnswer, explain};
pub use hours::{Bound, Span, Window, WindowError};
pub use plan::{Slot, next_send_time};
pub use purpose::Purpose;
pub use region::Region;
pub use window::{ClosedReason, Opening, check, saturday_half};
pub use zones::{Candidates, Recipient};
