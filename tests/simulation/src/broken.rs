//! Builds that are broken on purpose, to show that the simulation would notice. Each is a way in which the model's
//! ports can lie to the engine; production code knows nothing of them.

use strum::{Display, EnumIter};

/// A deliberately broken build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum Broken {
    /// Journeys are written whatever version is stored, so that a claim excludes nobody.
    SkipClaim,
    /// A due entry is taken out of the index as soon as it is read, before its message is in a queue.
    RemoveDueFirst,
    /// A limit is looked at, and added to some time later.
    CheckThenAdd,
    /// A suppression is answered and not kept: only the journey of whoever opted out stops.
    ForgetSuppression,
}
