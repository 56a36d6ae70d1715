//! Whole messages: what the law and the mailbox providers ask of each is in it, and nothing is pretended.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::num::NonZeroUsize;

use proptest::prelude::*;
use touchline_domain::{
    channel::Channel,
    contact::{Address, EmailAddress},
    ids::{CampaignId, LeadId, TenantId, TouchId},
    message::{
        Branding, EmailContent, EmailDraft, EmailError, Encoding, MessageId, Persona, SmsDraft,
        SmsError, SmsOptOut, ThreadParent, UnsubscribeKey, UnsubscribeLinks, UnsubscribeToken,
        WebLink, sms, sms_text::DEFAULT_MAX_SEGMENTS, thread,
    },
};

fn persona() -> Persona {
    serde_json::from_value(serde_json::json!({
        "id": "ana", "first_name": "Ana", "last_name": "O'Neil <x>", "title": "Head & Founder",
        "email_prefix": "Ana.Oneil", "calendar_link": "https://cal.example.com/ana?a=1&b=2"
    }))
    .unwrap()
}

fn branding() -> Branding {
    serde_json::from_value(serde_json::json!({
        "company": "Acme", "legal_name": "Acme Solar Pty Ltd", "abn": "12 345 678 901",
        "website": "https://acme.example.com/", "phone": "+61293744000",
        "postal_address": "1 Example St, Sydney NSW 2000"
    }))
    .unwrap()
}

fn mailbox(text: &str) -> EmailAddress {
    text.parse().unwrap()
}

fn lead() -> LeadId {
    LeadId::derive(&tenant(), "bo@lead.example.com")
}

fn tenant() -> TenantId {
    "acme".parse().unwrap()
}

fn message_id(step: &str) -> MessageId {
    let campaign: CampaignId = "spring".parse().unwrap();
    let touch = TouchId::derive(&tenant(), &lead(), &campaign, step, 1);
    MessageId::of_touch(&touch, &lead(), "acme-mail.com").unwrap()
}

fn links() -> UnsubscribeLinks {
    let base: WebLink = "https://out.example.com/unsubscribe".parse().unwrap();
    UnsubscribeLinks::new(&base, "token-1")
}

fn compose(
    subject: &str,
    body: &str,
    step: &str,
    parent: Option<&ThreadParent>,
) -> Result<EmailContent, EmailError> {
    let (persona, branding) = (persona(), branding());
    EmailDraft {
        persona: &persona,
        branding: &branding,
        from: &persona.mailbox_at("acme-mail.com").unwrap(),
        reply_to: None,
        to: &mailbox("bo@lead.example.com"),
        subject,
        body,
        message_id: &message_id(step),
        parent,
        unsubscribe: &links(),
    }
    .compose()
}

fn as_parent(mail: &EmailContent) -> ThreadParent {
    ThreadParent {
        message_id: Some(mail.message_id.clone()),
        references: mail.references.clone(),
        in_reply_to: mail.in_reply_to.iter().cloned().collect(),
        subject: mail.subject.clone(),
    }
}

#[test]
fn an_email_identifies_its_sender_and_shows_the_way_out() {
    // ED-009, ED-010, ED-011, R9, R26, R32.
    let mail = compose("A question", "Hi Bo,\n\n1 < 2 & so on", "s1", None).unwrap();
    assert_eq!(mail.from_name, "Ana from Acme");
    assert_eq!(mail.from, mailbox("ana.oneil@acme-mail.com"));
    for part in [
        "Ana O'Neil <x>",
        "Head & Founder, Acme",
        "+61 2 9374 4000",
        "https://acme.example.com/",
        "Book a time: https://cal.example.com/ana?a=1&b=2",
        "Acme Solar Pty Ltd, ABN 12 345 678 901",
        "1 Example St, Sydney NSW 2000",
        "Unsubscribe: https://out.example.com/unsubscribe/token-1",
    ] {
        assert!(mail.text.contains(part), "{part} in\n{}", mail.text);
    }
    for part in [
        "<p>Hi Bo,</p>\n<p>1 &lt; 2 &amp; so on</p>",
        "Ana O&#39;Neil &lt;x&gt;",
        "Head &amp; Founder, Acme",
        "<a href=\"https://cal.example.com/ana?a=1&amp;b=2\">Book a time</a>",
        "<a href=\"https://acme.example.com/\">acme.example.com</a>",
        "1 Example St, Sydney NSW 2000",
        "<a href=\"https://out.example.com/unsubscribe/token-1\">Unsubscribe</a>",
    ] {
        assert!(mail.html.contains(part), "{part} in\n{}", mail.html);
    }
    let shown = format!("{mail:?}");
    assert!(
        !shown.contains("bo@lead") && !shown.contains("so on"),
        "{shown}"
    );
}

#[test]
fn the_list_headers_stand_once_and_hold_one_web_address() {
    // R26.
    let mail = compose("A question", "Hi", "s1", None).unwrap();
    let headers = mail.extra_headers(thread::HEADER_LINE_MAX);
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        ["Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post"]
    );
    assert_eq!(
        headers[1].1,
        "<https://out.example.com/unsubscribe/token-1>"
    );
    assert_eq!(headers[2].1, "List-Unsubscribe=One-Click");
    let both = UnsubscribeLinks {
        mailbox: Some(mailbox("out@acme-mail.com")),
        ..links()
    };
    assert_eq!(
        both.header(),
        "<https://out.example.com/unsubscribe/token-1>, <mailto:out@acme-mail.com?subject=unsubscribe>"
    );
}

#[test]
fn a_follow_up_threads_under_the_first_and_only_a_follow_up_says_re() {
    // SEQ-6, R28.
    let first = compose("A question", "Hi", "s1", None).unwrap();
    assert_eq!((&first.in_reply_to, first.references.len()), (&None, 0));
    let second = compose("ignored", "Hi again", "s2", Some(&as_parent(&first))).unwrap();
    let third = compose("", "Last one", "s3", Some(&as_parent(&second))).unwrap();
    assert_eq!(second.subject, "Re: A question");
    assert_eq!(third.subject, "Re: A question");
    assert_eq!(third.in_reply_to, Some(second.message_id.clone()));
    assert_eq!(third.references, [message_id("s1"), message_id("s2")]);
    assert!(third.references.starts_with(&second.references));
    assert_ne!(second.message_id, third.message_id);
    for subject in ["Re: A question", "RE[2]: hi", "Fwd: x", "re : x", "AW: x"] {
        let refused = compose(subject, "Hi", "s1", None);
        assert_eq!(refused, Err(EmailError::FalseReply(subject.to_owned())));
    }
    for subject in ["Regarding: solar", "Re-think solar", "Result: 3:1"] {
        assert!(compose(subject, "Hi", "s1", None).is_ok(), "{subject}");
    }
}

#[test]
fn an_answer_to_mail_without_ids_invents_none() {
    // R28: the parent's References, else its single In-Reply-To, then its own id.
    let parent = |message_id: Option<&str>, references: &str, in_reply_to: &str| ThreadParent {
        message_id: message_id.map(|id| id.parse().unwrap()),
        references: MessageId::all_in(references),
        in_reply_to: MessageId::all_in(in_reply_to),
        subject: "Aw: Re: hi".to_owned(),
    };
    let line = |parent: ThreadParent| {
        assert_eq!(parent.reply_subject(), "Re: hi");
        thread::references_line(&parent.references(), thread::HEADER_LINE_MAX)
    };
    assert_eq!(
        line(parent(Some("c@x"), "<a@x>\r\n <b@x>", "<b@x>")),
        "<a@x> <b@x> <c@x>"
    );
    assert_eq!(line(parent(Some("c@x"), "", "<b@x>")), "<b@x> <c@x>");
    assert_eq!(line(parent(Some("c@x"), "", "<a@x> <b@x>")), "<c@x>");
    assert_eq!(line(parent(None, "<a@x>", "")), "<a@x>");
    assert_eq!(line(parent(None, "", "")), "");
}

#[test]
fn a_long_thread_keeps_its_first_id_and_its_last_ones() {
    let ids: Vec<MessageId> = (0..40)
        .map(|n| format!("id-{n:02}@x.io").parse().unwrap())
        .collect();
    let line = thread::references_line(&ids, 60);
    assert_eq!(line, "<id-00@x.io> <id-37@x.io> <id-38@x.io> <id-39@x.io>");
    assert!(
        thread::references_line(&ids, thread::HEADER_LINE_MAX).len() <= thread::HEADER_LINE_MAX
    );
}

#[test]
fn a_message_id_names_its_touch_and_lead_and_no_header() {
    let id = message_id("s1");
    let (touch, of) = id.touch().unwrap();
    assert_eq!(of, lead());
    assert_eq!(
        MessageId::of_touch(&touch, &of, "acme-mail.com").unwrap(),
        id
    );
    assert_eq!(id.inner().parse::<MessageId>().unwrap(), id);
    assert_eq!("<x.y@z>".parse::<MessageId>().unwrap().touch(), None);
    for text in [
        "",
        "<>",
        "<x>",
        "<a@b> <c@d>",
        "<a@b>\r\nBcc: x",
        "<a @b>",
        "@",
    ] {
        assert!(text.parse::<MessageId>().is_err(), "{text:?}");
    }
}

#[test]
fn a_draft_that_cannot_be_mail_is_refused() {
    assert_eq!(compose("", "Hi", "s1", None), Err(EmailError::EmptySubject));
    assert_eq!(
        compose("A question", " \n", "s1", None),
        Err(EmailError::EmptyBody)
    );
    let broken = compose("a\r\nBcc: x@y.io", "Hi", "s1", None);
    assert!(matches!(broken, Err(EmailError::ControlCharacter(_))));
    let long = compose(&"x".repeat(201), "Hi", "s1", None);
    assert_eq!(long, Err(EmailError::SubjectTooLong(201)));
    let identity = serde_json::json!({"company": "Acme", "postal_address": " "});
    assert!(serde_json::from_value::<Branding>(identity).is_err());
}

fn text(body: &str, opt_out: SmsOptOut<'_>, segments: usize) -> Result<String, SmsError> {
    let (persona, branding) = (persona(), branding());
    let draft = SmsDraft {
        persona: &persona,
        branding: &branding,
        body,
        opt_out,
        max_segments: NonZeroUsize::new(segments).unwrap(),
    };
    let content = draft.compose()?;
    assert_eq!(sms::measure(&content.text), content.size);
    Ok(content.text)
}

#[test]
fn a_text_names_its_sender_and_says_how_to_opt_out() {
    // SM, R9.
    let reply = |body| text(body, SmsOptOut::Reply, 1).unwrap();
    assert_eq!(
        reply("Hi Bo, Ana at Acme here. Free for a call? Reply STOP to opt out"),
        "Hi Bo, Ana at Acme here. Free for a call? Reply STOP to opt out"
    );
    assert_eq!(
        reply("Hi Bo – can’t stop thinking of you"),
        "Ana from Acme: Hi Bo - can't stop thinking of you. Reply STOP to opt out"
    );
    assert_eq!(
        reply("Anaheim is nice, says Acme! Don't opt out of solar."),
        "Ana from Acme: Anaheim is nice, says Acme! Don't opt out of solar. Reply STOP to opt out"
    );
    assert_eq!(
        reply("Ana, Acme. Text \"stop\" to end."),
        "Ana, Acme. Text \"stop\" to end."
    );
    let page: WebLink = "https://o.example.com/u/1".parse().unwrap();
    // R13: a named sender cannot be answered.
    assert_eq!(
        text(
            "Ana, Acme. Reply STOP to opt out",
            SmsOptOut::Link(&page),
            1
        )
        .unwrap(),
        "Ana, Acme. Reply STOP to opt out. Opt out: https://o.example.com/u/1"
    );
}

#[test]
fn a_text_that_does_not_fit_is_an_error_with_its_numbers() {
    let sender = "Ana, Acme. Reply STOP to opt out ";
    let fits = format!("{sender}{}", "x".repeat(160 - sender.len()));
    assert_eq!(
        text(&fits, SmsOptOut::Reply, 1).as_deref(),
        Ok(fits.as_str())
    );
    let error = text(&format!("{fits}x"), SmsOptOut::Reply, 1).unwrap_err();
    assert_eq!(
        error,
        SmsError::TooLong {
            encoding: Encoding::Gsm7,
            units: 161,
            limit_units: 160,
            segments: 2,
            max_segments: 1,
            beyond_gsm7: None,
        }
    );
    assert!(text(&format!("{fits}x"), SmsOptOut::Reply, 2).is_ok());
    let accented = text(&format!("{sender}{}ç", "x".repeat(80)), SmsOptOut::Reply, 1).unwrap_err();
    assert_eq!(
        accented.to_string(),
        "text has 114 ucs2 units in 2 segments, more than the 70 units in 1, for 'ç' is not in GSM-7"
    );
    assert_eq!(text(" ", SmsOptOut::Reply, 1), Err(SmsError::Empty));
    assert_eq!(DEFAULT_MAX_SEGMENTS.get(), 1);
}

fn key(fill: u8) -> UnsubscribeKey {
    UnsubscribeKey::new(&[fill; 32]).unwrap()
}

fn token(channel: Channel) -> UnsubscribeToken {
    UnsubscribeToken {
        tenant: tenant(),
        lead: lead(),
        address: Address::from(mailbox("bo@lead.example.com")).hash(),
        channel,
    }
}

#[test]
fn an_unsubscribe_token_is_read_back_with_the_key_that_sealed_it_only() {
    // R9, R27.
    use strum::IntoEnumIterator;
    for channel in Channel::iter() {
        let sealed = token(channel).seal(&key(1));
        assert_eq!(
            UnsubscribeToken::open(&sealed, &[key(1)]),
            Ok(token(channel))
        );
        assert_eq!(
            UnsubscribeToken::open(&sealed, &[key(2), key(1)]),
            Ok(token(channel))
        );
        assert!(UnsubscribeToken::open(&sealed, &[key(2)]).is_err());
        assert!(UnsubscribeToken::open(&sealed, &[]).is_err());
    }
    assert!(UnsubscribeKey::new(&[1; 31]).is_err());
    assert_eq!(format!("{:?}", key(1)), "UnsubscribeKey(***)");
}

#[test]
fn the_format_of_tokens_already_in_mailboxes_does_not_change() {
    // Computed apart from this code: base64url(1, 1, sha256("email:..."), lead id, tenant, hmac-sha256).
    assert_eq!(
        token(Channel::Email).seal(&key(7)),
        "AQFXaQbxuy9YmFr12cFGs501u-ixzp02ZsVUXPKao1TZ6mthdmJ6YjJ6MXBwd2NoaDY3MzloNmg3d2Q5YWNtZTYJFGpL98alxvTY142bQcM7KpTGweRzoIgM6uLdWREs"
    );
}

#[test]
fn a_token_altered_in_any_character_is_refused() {
    let sealed = token(Channel::Email).seal(&key(1));
    for at in 0..sealed.len() {
        for other in ['A', 'B', '-', '=', '.'] {
            let mut altered: Vec<char> = sealed.chars().collect();
            if altered[at] == other {
                continue;
            }
            altered[at] = other;
            let altered: String = altered.into_iter().collect();
            assert!(UnsubscribeToken::open(&altered, &[key(1)]).is_err(), "{at}");
        }
        assert!(UnsubscribeToken::open(&sealed[..at], &[key(1)]).is_err());
    }
    assert!(UnsubscribeToken::open(&format!("{sealed}A"), &[key(1)]).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_forged_text_opens(text in "[A-Za-z0-9_=.-]{0,200}") {
        prop_assert!(UnsubscribeToken::open(&text, &[key(1)]).is_err());
    }

    #[test]
    fn a_text_that_is_composed_fits_and_keeps_every_word(body in "[a-zA-Z0-9 ,.€ŷ]{1,200}", segments in 1usize..4) {
        if let Ok(composed) = text(&body, SmsOptOut::Reply, segments) {
            prop_assert!(composed.contains(body.trim()));
            prop_assert!(sms::measure(&composed).segments <= segments);
        }
    }
}
