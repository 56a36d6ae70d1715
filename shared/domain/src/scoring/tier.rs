//! Tiers of lead scores and the channels that each opens (ALS-2).
//! A channel that is not listed is closed, here and again at the gate.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::channel::Channel;

/// A band of scores (ALS-2), worst first.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    EnumIter,
    IntoStaticStr,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Tier {
    /// Below 20.
    Dead,
    /// 20 to 34.
    Cold,
    /// 35 to 59.
    Cool,
    /// 60 to 84.
    Warm,
    /// 85 and above.
    Hot,
}

/// Lowest scores of the tiers (ALS-2).
const HOT_FROM: u8 = 85;
const WARM_FROM: u8 = 60;
const COOL_FROM: u8 = 35;
const COLD_FROM: u8 = 20;

impl Tier {
    /// The tier of a score.
    #[must_use]
    pub fn of(score: u8) -> Self {
        match score {
            HOT_FROM.. => Self::Hot,
            WARM_FROM.. => Self::Warm,
            COOL_FROM.. => Self::Cool,
            COLD_FROM.. => Self::Cold,
            _ => Self::Dead,
        }
    }
}

/// The channels that a tier opens (ALS-2).
#[must_use]
pub fn allowed_channels(tier: Tier) -> &'static [Channel] {
    use Channel::{Email, Linkedin, Mail, Sms, Voice};
    match tier {
        Tier::Hot => &[Email, Sms, Voice, Linkedin, Mail],
        Tier::Warm => &[Email, Linkedin, Voice],
        Tier::Cool => &[Email, Linkedin],
        Tier::Cold => &[Email],
        Tier::Dead => &[],
    }
}

/// Whether `tier` opens `channel` (ALS-2).
#[must_use]
pub fn allows(tier: Tier, channel: Channel) -> bool {
    allowed_channels(tier).contains(&channel)
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn tiers_begin_where_the_terms_say() {
        let tiers = [0, 19, 20, 34, 35, 59, 60, 84, 85, 100].map(Tier::of);
        use Tier::{Cold, Cool, Dead, Hot, Warm};
        assert_eq!(
            tiers,
            [Dead, Dead, Cold, Cold, Cool, Cool, Warm, Warm, Hot, Hot]
        );
    }

    #[test]
    fn a_better_tier_never_closes_a_channel_als_2() {
        let tiers: Vec<Tier> = Tier::iter().collect();
        for pair in tiers.windows(2) {
            for channel in allowed_channels(pair[0]) {
                assert!(allows(pair[1], *channel), "{pair:?} {channel}");
            }
        }
        assert!(allows(Tier::Warm, Channel::Voice) && !allows(Tier::Warm, Channel::Sms));
        assert!(allows(Tier::Cool, Channel::Linkedin) && !allows(Tier::Cool, Channel::Voice));
        assert!(allowed_channels(Tier::Dead).is_empty());
    }
}
