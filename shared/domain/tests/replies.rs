//! Both labelled halves of replies, and the promises that hold for every text.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails loudly, and both halves are reported"
)]

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Deserialize;
use touchline_domain::{
    channel::Channel,
    replies::{Classification, Intent, Keyword, Reply, classify},
};

#[derive(Debug, Deserialize)]
struct Labelled {
    id: String,
    channel: Channel,
    text: String,
    #[serde(default)]
    subject: Option<String>,
    intent: Intent,
    opt_out: bool,
}

/// What a half must reach, from the acceptance of the product: recall, false positives, accuracy.
const FALSE_POSITIVES_AT_MOST: f64 = 0.01;
const ACCURACY_AT_LEAST: f64 = 0.93;

fn half(text: &str) -> Vec<Labelled> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn read(channel: Channel, text: &str) -> Classification {
    classify(&Reply::new(channel, text))
}

#[expect(clippy::cast_precision_loss, reason = "hundreds of rows")]
fn measure(name: &str, rows: &[Labelled], shown: bool) {
    let mut report = String::new();
    let mut by_intent: BTreeMap<Intent, (usize, usize)> = BTreeMap::new();
    let (mut right, mut missed, mut wrongly, mut asked) = (0, 0, 0, 0);
    for row in rows {
        let got = classify(&Reply {
            subject: row.subject.as_deref(),
            ..Reply::new(row.channel, &row.text)
        });
        let tally = by_intent.entry(row.intent).or_default();
        tally.1 += 1;
        if got.intent == row.intent {
            right += 1;
            tally.0 += 1;
        } else {
            let text = if shown { row.text.as_str() } else { "-" };
            report += &format!(
                "{} {text:?}: wanted {}, got {} {} {:?}\n",
                row.id, row.intent, got.intent, got.confidence, got.evidence
            );
        }
        asked += usize::from(row.opt_out);
        match (row.opt_out, got.opt_out) {
            (true, false) => {
                missed += 1;
                report += &format!("{} MISSED OPT-OUT {:?}\n", row.id, row.text);
            }
            (false, true) => {
                wrongly += 1;
                report += &format!(
                    "{} FALSE OPT-OUT {:?} {:?}\n",
                    row.id, row.text, got.evidence
                );
            }
            _ => {}
        }
    }
    let accuracy = right as f64 / rows.len() as f64;
    let false_rate = wrongly as f64 / (rows.len() - asked) as f64;
    report += &format!(
        "{name}: {} replies, accuracy {:.1} %, opt-out recall {}/{asked}, false positives {wrongly}/{} ({:.1} %)\n{by_intent:?}",
        rows.len(),
        accuracy * 100.0,
        asked - missed,
        rows.len() - asked,
        false_rate * 100.0,
    );
    eprintln!("{report}");
    assert_eq!(missed, 0, "{report}");
    assert!(false_rate <= FALSE_POSITIVES_AT_MOST, "{report}");
    assert!(accuracy >= ACCURACY_AT_LEAST, "{report}");
}

#[test]
fn the_half_used_for_tuning_is_understood() {
    measure(
        "dev",
        &half(include_str!("fixtures/replies/dev.jsonl")),
        true,
    );
}

#[test]
fn the_half_held_out_is_understood() {
    measure(
        "holdout",
        &half(include_str!("fixtures/replies/holdout.jsonl")),
        false,
    );
}

#[test]
fn no_reply_stands_in_both_halves() {
    let dev = half(include_str!("fixtures/replies/dev.jsonl"));
    let holdout = half(include_str!("fixtures/replies/holdout.jsonl"));
    assert!(dev.len() + holdout.len() >= 4_000);
    let exact = holdout
        .iter()
        .filter(|h| dev.iter().any(|d| d.text == h.text && d.text.len() > 12))
        .count();
    assert_eq!(exact, 0);
}

#[test]
fn what_a_calendar_writes_is_neither_an_opt_out_nor_a_meeting_rep_2() {
    for noise in [
        "This event has been cancelled and removed from your calendar.\n\nTeam lunch\nFri 4 Dec 12pm",
        "Canceled event: Yard induction @ Mon 7:15am",
    ] {
        let got = read(Channel::Email, noise);
        assert!(!got.opt_out, "{noise}");
        assert_eq!(got.intent, Intent::Other, "{noise}");
    }
}

#[test]
fn one_who_asks_to_stay_on_the_list_stays_on_it_rep_2() {
    let stays = "Please don't take me off the list, I was only away and am keen to hear more";
    assert!(!read(Channel::Email, stays).opt_out);
    for leaves in [
        "If you do not take me off your list I will go to the ACMA",
        "Why don't you take us off your list already",
        "Please don't write again, take me off your list",
    ] {
        assert!(read(Channel::Email, leaves).opt_out, "{leaves}");
    }
}

#[test]
fn a_clause_that_surely_asks_to_stop_counts_whatever_stands_around_it_rep_2() {
    for asked in [
        "stop it, this is the wrong number",
        "please stop, he sold that shop years ago",
        "you've got the wrong bloke, unsubscribe me",
        "请不要再发短信了 thx",
    ] {
        assert!(read(Channel::Sms, asked).opt_out, "{asked}");
    }
}

#[test]
fn a_subject_that_says_away_asks_nothing_and_one_that_says_unsubscribe_does_rep_2() {
    let headed = |subject| {
        classify(&Reply {
            subject: Some(subject),
            ..Reply::new(Channel::Email, "Back at my desk on Thursday.")
        })
    };
    assert!(!headed("Away").opt_out);
    assert!(headed("Unsubscribe").opt_out);
}

#[test]
fn one_way_of_contact_refused_and_another_offered_is_no_opt_out_but_a_list_of_refusals_is() {
    for offered in [
        "dont email me, give me a call instead",
        "Please don't call, email me at rob@robsroofing.com.au",
        "no need to text, just call me",
        "Don't text or email, call me",
    ] {
        assert!(!read(Channel::Sms, offered).opt_out, "{offered}");
    }
    for refused in [
        "Do not call, text, or email me",
        "Don't text me, email me or call me.",
        "dont call or text me",
        "Don't call. Don't text. Don't email.",
        "don't email me, just stop",
    ] {
        assert!(read(Channel::Sms, refused).opt_out, "{refused}");
    }
}

#[test]
fn a_subject_that_the_writer_chose_opts_out_and_one_that_quotes_ours_does_not() {
    let mail = |subject, text| {
        let subject = Some(subject);
        classify(&Reply {
            subject,
            ..Reply::new(Channel::Email, text)
        })
    };
    for subject in ["unsubscribe", "Please remove", "TAKE ME OFF YOUR LIST"] {
        let got = mail(subject, "Sent from my iPhone");
        assert!(got.opt_out && got.intent == Intent::OptOut, "{subject}");
    }
    assert!(!mail("Re: how to unsubscribe from bad suppliers", "Sure, call me").opt_out);
}

#[test]
fn an_opt_out_that_no_phrase_foresaw_is_heard_by_the_model_and_shows_its_words() {
    let got = read(
        Channel::Email,
        "Kindly see to it that this address is never again troubled with mailings of any sort.",
    );
    assert!(got.opt_out, "{got:?}");
    assert!(!got.evidence.is_empty());
}

#[test]
fn where_phrases_and_model_differ_a_person_decides_rep_3() {
    let got = read(Channel::Sms, "the ladder ate our horse, budget says purple");
    assert!(
        got.confidence < touchline_domain::replies::REVIEW_BELOW,
        "{got:?}"
    );
}

#[test]
fn what_explains_a_stop_word_ends_where_the_writer_turns_to_us() {
    assert!(read(Channel::Sms, "Dont know who you are but stop contacting us").opt_out);
    assert!(!read(Channel::Sms, "customers who type stop when they leave").opt_out);
}

#[test]
fn a_stop_word_that_is_only_asked_about_is_a_question() {
    for text in [
        "Will the texts stop if I buy?",
        "If I reply STOP does it cancel the whole account?",
        "how do you stop the water getting in",
    ] {
        assert!(!read(Channel::Sms, text).opt_out, "{text}");
    }
    assert!(read(Channel::Sms, "Can you stop texting me?").opt_out);
}

#[test]
fn a_request_with_a_full_stop_after_every_word_is_one_request() {
    assert!(read(Channel::Sms, "Lose. My. Number.").opt_out);
    assert!(read(Channel::Sms, "Stop. Thanks. Bob.").opt_out);
}

#[test]
fn a_request_in_a_message_that_is_all_quoted_is_read_and_a_thread_sent_back_is_not() {
    assert!(read(Channel::Email, ">> please remove me from this mailing list").opt_out);
    let thread = "On Mon, 3 Nov 2026, Tom <t@x.com> wrote:\n> Would you like a chat? If you no longer wish to hear from us, please reply STOP.";
    assert!(!read(Channel::Email, thread).opt_out);
}

#[test]
fn a_footer_that_speaks_politely_to_its_reader_is_still_a_footer() {
    let notice = "I'm out of office. If you no longer wish to receive these notices, please contact the administrator.";
    let got = read(Channel::Email, notice);
    assert!(!got.opt_out);
    assert_eq!(got.intent, Intent::OutOfOffice);
    let person = "If you no longer wish to lose my custom, stop emailing me.";
    assert!(read(Channel::Email, person).opt_out);
}

const KEYWORDS: [&str; 14] = [
    "stop",
    "stopall",
    "stop all",
    "unsubscribe",
    "cancel",
    "end",
    "quit",
    "revoke",
    "opt out",
    "opt-out",
    "optout",
    "remove",
    "arret",
    "td",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_text_makes_it_panic_and_confidence_is_a_percentage(text in any::<String>()) {
        let got = read(Channel::Sms, &text);
        prop_assert!(got.confidence <= 100);
    }

    #[test]
    fn no_mail_like_text_makes_it_panic(text in "[ -~\n<>&;@:/'éЅ🛑]{0,300}") {
        read(Channel::Email, &text);
    }

    #[test]
    fn every_keyword_opts_out_in_any_dress_r34(
        word in 0..KEYWORDS.len(),
        casing in any::<u32>(),
        before in "[ \"'(\\[*.\u{201C}\n\t]{0,3}",
        after in "[ .!?\"')\\]*,\u{201D}\n]{0,4}",
    ) {
        let word: String = KEYWORDS[word]
            .chars()
            .enumerate()
            .map(|(at, c)| if casing >> (at % 32) & 1 == 1 { c.to_ascii_uppercase() } else { c })
            .collect();
        let text = format!("{before}{word}{after}");
        let got = read(Channel::Sms, &text);
        prop_assert!(got.opt_out, "{text:?}");
        prop_assert_eq!(got.intent, Intent::OptOut);
        prop_assert_eq!(got.keyword, Some(Keyword::Stop));
    }

    #[test]
    fn a_keyword_spelled_out_or_in_other_letters_opts_out_r34(
        word in 0..4usize,
        gap in prop_oneof![Just(" "), Just("."), Just("-"), Just("\u{200B}"), Just(". ")],
    ) {
        let word = ["stop", "quit", "unsubscribe", "cancel"][word];
        let spelled: Vec<String> = word.chars().map(|c| c.to_string()).collect();
        let spelled = spelled.join(gap);
        prop_assert!(read(Channel::Sms, &spelled).opt_out, "{spelled:?}");
        let wide: String = word
            .chars()
            .filter_map(|c| char::from_u32(c as u32 + 0xFEE0))
            .collect();
        prop_assert!(read(Channel::Sms, &wide).opt_out, "{wide:?}");
    }

    #[test]
    fn our_own_footer_quoted_back_never_opts_out(answer in 0..6usize, footer in 0..8usize) {
        let answer = ["Yes please", "Sounds good", "How much is it?", "Call me tomorrow at 3pm", "Thanks", "No thanks"][answer];
        let footer = [
            "Reply STOP to opt out",
            "Reply STOP to unsubscribe.",
            "Text STOP to end",
            "To unsubscribe click here: https://u.example.com/x",
            "Opt out: reply STOP",
            "Unsubscribe here",
            "If you no longer wish to receive these emails, click unsubscribe.",
            "You are receiving this because we found you. Unsubscribe | Manage preferences",
        ][footer];
        for text in [
            format!("{answer}\n\nOn Mon, 3 Nov 2026 at 09:12, Tom <t@x.com> wrote:\n> Hi\n> {footer}"),
            format!("{answer}\n\nFrom: Tom\nSent: Monday\nTo: Kim\nSubject: Hi\n\n{footer}"),
            format!("{answer}\n\n{footer}"),
            format!("Liked \u{201C}Hi Kim. {footer}\u{201D}"),
        ] {
            prop_assert!(!read(Channel::Email, &text).opt_out, "{text}");
        }
    }
}

#[test]
fn the_seven_words_of_the_fcc_always_match_r34() {
    for word in [
        "stop",
        "quit",
        "end",
        "revoke",
        "opt out",
        "cancel",
        "unsubscribe",
    ] {
        let got = read(Channel::Sms, word);
        assert!(got.opt_out && got.intent == Intent::OptOut, "{word}");
    }
}

#[test]
fn a_stop_word_in_other_company_goes_to_review_and_never_opts_out_r34() {
    for text in ["don't stop, tell me more", "the stop on Main St"] {
        let got = read(Channel::Sms, text);
        assert!(!got.opt_out, "{text}");
        assert!(
            got.confidence < touchline_domain::replies::REVIEW_BELOW,
            "{text} {got:?}"
        );
    }
}

#[test]
fn start_and_help_count_only_as_the_whole_message_r35() {
    for (text, keyword) in [
        ("START", Some(Keyword::Start)),
        ("Yes.", Some(Keyword::Start)),
        ("unstop", Some(Keyword::Start)),
        ("help", Some(Keyword::Help)),
        ("INFO", Some(Keyword::Help)),
        ("yes but not today", None),
        ("can you help", None),
    ] {
        assert_eq!(read(Channel::Sms, text).keyword, keyword, "{text}");
    }
}
