//! What leads write, by intent. Templates vary in tone, spelling and length, as people do; slots are filled by
//! draw: `{name}`, `{email}`, `{phone}`, `{day}`, `{time}`, `{date}`.

use serde::{Deserialize, Serialize};

use crate::draw::Draw;

/// Why a lead writes. The names are those of the classifier, so that a test can compare.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Intent {
    OptOut,
    AngryOrComplaint,
    WrongPerson,
    NotInterested,
    OutOfOffice,
    MeetingInterest,
    Referral,
    EmailCapture,
    Question,
    PositiveEngagement,
    ThankYou,
    #[default]
    Other,
}

/// How many of a hundred replies have which intent.
const SHARES: [(Intent, u32); 12] = [
    (Intent::OptOut, 17),
    (Intent::NotInterested, 17),
    (Intent::Question, 15),
    (Intent::PositiveEngagement, 13),
    (Intent::MeetingInterest, 9),
    (Intent::EmailCapture, 7),
    (Intent::WrongPerson, 6),
    (Intent::OutOfOffice, 5),
    (Intent::Referral, 4),
    (Intent::AngryOrComplaint, 3),
    (Intent::ThankYou, 2),
    (Intent::Other, 2),
];

/// Draws why somebody answers.
pub(crate) fn intent(draw: &mut Draw) -> Intent {
    let mut left = draw.between(0, 99);
    for (intent, share) in SHARES {
        if left < i64::from(share) {
            return intent;
        }
        left -= i64::from(share);
    }
    Intent::Other
}

/// Draws the words.
pub(crate) fn text(intent: Intent, draw: &mut Draw) -> String {
    let template = draw.pick(templates(intent));
    let greeting = draw.pick(&["", "", "", "Hi, ", "Hey - ", "Hello. "]);
    let closing = draw.pick(&[
        "",
        "",
        "",
        "",
        "\n\nCheers",
        "\n\nRegards,\n{name}",
        "\n\nSent from my iPhone",
    ]);
    // A bare keyword stays bare: that is how people send it.
    let whole = if template.len() < 16 {
        template.to_owned()
    } else {
        format!("{greeting}{template}{closing}")
    };
    filled(&whole, draw)
}

fn filled(text: &str, draw: &mut Draw) -> String {
    let name = draw.pick(&[
        "Sam", "Priya", "Tom", "Mei", "Jack", "Olivia", "Ngaire", "Luca",
    ]);
    let domain = draw.pick(&["example.com", "example.net", "example.org"]);
    let phone = format!("0491 570 {:03}", draw.between(156, 159));
    let day = draw.pick(&["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]);
    let time = draw.pick(&["10am", "11:30", "2pm", "3.15pm", "after lunch"]);
    let date = format!(
        "{} {}",
        draw.between(1, 28),
        draw.pick(&["December", "January", "Feb"])
    );
    text.replace("{email}", &format!("{}@{domain}", name.to_lowercase()))
        .replace("{name}", name)
        .replace("{phone}", &phone)
        .replace("{day}", day)
        .replace("{time}", time)
        .replace("{date}", &date)
}

fn templates(intent: Intent) -> &'static [&'static str] {
    match intent {
        Intent::OptOut => &[
            "STOP",
            "Stop",
            "stop.",
            "UNSUBSCRIBE",
            "Unsubscribe please",
            "S T O P",
            "\"STOP\"",
            "STOP!!!",
            "opt out",
            "Remove me",
            "Please take me off your list.",
            "Take my number off your database please",
            "Don't contact me again.",
            "Please do not email me any more, thanks.",
            "no more messages please",
            "Kindly remove me from your mailing list",
            "I'd like to be removed from all future communications.",
            "unsubcribe me",
            "Can you delete my details? I don't want to hear from you again.",
            "Lose my number",
        ],
        Intent::AngryOrComplaint => &[
            "How did you get my number? This is harassment and I am reporting it.",
            "This is spam. I'm forwarding it to ACMA.",
            "You people are unbelievable. Third message this month. Disgraceful.",
            "Who gave you permission to email me?! I'll be speaking to my lawyer.",
        ],
        Intent::WrongPerson => &[
            "I think you have the wrong person, I've never worked there.",
            "Wrong number mate",
            "{name} left the company two years ago.",
            "I'm not the right contact for this, I only do payroll.",
            "This isn't {name}, you've got the wrong number",
        ],
        Intent::NotInterested => &[
            "Not interested thanks",
            "Thanks but we already have someone for this.",
            "No thank you, not for us.",
            "We're happy with our current provider.",
            "It's not something we need at the moment.",
            "Nah all good",
            "We'll pass on this one.",
            "No budget for that this year, sorry.",
        ],
        Intent::OutOfOffice => &[
            "I'm on leave until {date}, will look at it when I'm back.",
            "Away until {day}, limited access to email.",
            "Currently overseas, back on {date}. For anything urgent call the office.",
        ],
        Intent::MeetingInterest => &[
            "Sure, can you do {day} at {time}?",
            "Happy to chat, send me a calendar link.",
            "Let's set up a call. {day} {time} works for me.",
            "OK, ring me on {day} {time}",
            "Yes let's book something in next week.",
            "I have half an hour on {day}, does {time} suit?",
        ],
        Intent::Referral => &[
            "You should talk to {name}, she looks after this: {email}",
            "Not me - try {name} on {phone}.",
            "I've copied {name} ({email}) who handles marketing.",
            "Best person is our ops manager, {email}",
        ],
        Intent::EmailCapture => &[
            "Send it to {email}",
            "Sure, my email is {email}",
            "Email me the details: {email}",
            "{email} is best, I don't read texts",
            "Yep flick it through to {email} thanks",
        ],
        Intent::Question => &[
            "How much does it cost?",
            "Who is this?",
            "What exactly do you do?",
            "Do you work with businesses outside Sydney?",
            "Is there a lock-in contract?",
            "How is this different from what an agency does?",
            "Can you stop by the office and show us how it works?",
            "What would we need to have ready before we start?",
        ],
        Intent::PositiveEngagement => &[
            "Sounds interesting, tell me more.",
            "Yes, keen to hear more about this.",
            "This is timely, we were just talking about it.",
            "Interested. Non-stop flat out here, so keep it short.",
            "Good timing! What's the next step",
            "ok go on",
        ],
        Intent::ThankYou => &[
            "Thanks!",
            "Thank you for getting in touch.",
            "Cheers, appreciate it",
        ],
        Intent::Other => &["Ok", "👍", "??", "New phone, who dis"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_and_every_intent_fills_all_its_slots() {
        assert_eq!(SHARES.iter().map(|(_, share)| share).sum::<u32>(), 100);
        for (intent, _) in SHARES {
            for n in 0..200 {
                let text = text(intent, &mut Draw::of(n, &["w"]));
                assert!(!text.is_empty() && !text.contains('{'), "{text}");
            }
        }
    }
}
