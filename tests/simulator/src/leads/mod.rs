//! How a lead reacts to a message: what happens to it on the way, and whether an answer comes back.
//! A dead address is dead for every message; everything else is drawn anew for each.

pub(crate) mod wording;

use serde::{Deserialize, Serialize};

use crate::{config::Rates, draw::Draw};
use wording::Intent;

/// What becomes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    Sent,
    Delivered,
    HardBounce,
    SoftBounce,
    PolicyBounce,
    Complaint,
    Opened,
    Clicked,
}

/// An answer before it has an envelope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub intent: Intent,
    pub text: String,
    /// Written by a machine: carries the header fields that say so.
    pub automatic: bool,
}

/// One thing that happens, so many virtual seconds after acceptance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Happening {
    Status(Status),
    Answer(Answer),
}

/// All that follows from message number `ordinal` to `address`.
pub(crate) fn reaction(
    seed: u64,
    rates: &Rates,
    channel: &str,
    address: &str,
    ordinal: u64,
) -> Vec<(i64, Happening)> {
    let mut draw = Draw::of(seed, &["message", channel, address, &ordinal.to_string()]);
    let is_dead = Draw::of(seed, &["dead", channel, address]).chance(rates.dead);
    let is_mail = channel == "email";
    let sent = draw.between(1, 20);
    let mut all = vec![(sent, Happening::Status(Status::Sent))];
    let mut status = |after, status| all.push((after, Happening::Status(status)));
    let arrival = sent + draw.between(2, 180);
    if is_dead {
        status(arrival, Status::HardBounce);
        return all;
    }
    if draw.chance(rates.policy) {
        status(arrival, Status::PolicyBounce);
        return all;
    }
    if draw.chance(rates.soft) {
        status(arrival, Status::SoftBounce);
        // Half of what is delayed arrives later.
        if !draw.chance(0.5) {
            return all;
        }
    }
    status(arrival + 1, Status::Delivered);
    if is_mail && draw.chance(rates.open) {
        let opened = arrival + draw.between(60, 20_000);
        status(opened, Status::Opened);
        if draw.chance(rates.click) {
            status(opened + draw.between(3, 90), Status::Clicked);
        }
    }
    if is_mail && draw.chance(rates.complaint) {
        status(arrival + draw.between(600, 90_000), Status::Complaint);
        return all;
    }
    all.extend(answers(&mut draw, rates, is_mail, arrival));
    all
}

fn answers(draw: &mut Draw, rates: &Rates, is_mail: bool, arrival: i64) -> Vec<(i64, Happening)> {
    let mut all = Vec::new();
    if is_mail && draw.chance(rates.auto_reply) {
        let answer = Answer {
            intent: Intent::OutOfOffice,
            text: wording::text(Intent::OutOfOffice, draw),
            automatic: true,
        };
        all.push((arrival + draw.between(2, 40), Happening::Answer(answer)));
    }
    if draw.chance(rates.reply) {
        let intent = wording::intent(draw);
        let answer = Answer {
            intent,
            text: wording::text(intent, draw),
            automatic: false,
        };
        // Most answer within the hour, some a day later.
        let after = if draw.chance(0.7) {
            draw.between(120, 3_600)
        } else {
            draw.between(3_600, 100_000)
        };
        all.push((arrival + after, Happening::Answer(answer)));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_reacts_the_same_to_the_same_message_and_dead_addresses_never_receive() {
        let rates = Rates {
            dead: 0.5,
            reply: 0.5,
            ..Rates::default()
        };
        let mut dead = 0;
        for n in 0..200 {
            let address = format!("p{n}@example.com");
            let first = reaction(3, &rates, "email", &address, 0);
            assert_eq!(first, reaction(3, &rates, "email", &address, 0));
            let bounced = |all: &[(i64, Happening)]| {
                all.iter()
                    .any(|(_, h)| *h == Happening::Status(Status::HardBounce))
            };
            let second = reaction(3, &rates, "email", &address, 1);
            assert_eq!(bounced(&first), bounced(&second), "{address}");
            dead += u32::from(bounced(&first));
        }
        assert!((70..130).contains(&dead), "{dead}");
    }

    #[test]
    fn a_quiet_lead_receives_and_says_nothing() {
        let all = reaction(3, &Rates::quiet(), "sms", "+61400000000", 0);
        let kinds: Vec<_> = all.into_iter().map(|(_, what)| what).collect();
        let expected = [
            Happening::Status(Status::Sent),
            Happening::Status(Status::Delivered),
        ];
        assert_eq!(kinds, expected);
    }
}
