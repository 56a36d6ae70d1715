//! What each provider's webhook becomes in the one vocabulary of events.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use touchline_domain::events::{EventKind, Provider, ProviderEvent};
use touchline_providers::webhook::{ParseError, Request, parse};

const TOKEN: &str = "acme.lead_0123456789abcdefghjkmnpqrs.touch_0123456789abcdefghjkmnpqrs";

fn received_at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn ask(
    provider: Provider,
    url: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<Vec<ProviderEvent>, ParseError> {
    let headers: Vec<(String, String)> = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let request = Request {
        method: "POST",
        url,
        headers: &headers,
        body: body.as_bytes(),
    };
    parse(provider, &request, received_at())
}

/// The one event of a JSON body.
fn event(provider: Provider, body: &Value) -> ProviderEvent {
    let headers = [("svix-id", "msg_1")];
    let mut events = ask(provider, "/hooks/x", &headers, &body.to_string()).unwrap();
    assert_eq!(events.len(), 1);
    events.remove(0)
}

fn kind(provider: Provider, body: &Value) -> Value {
    serde_json::to_value(event(provider, body).kind).unwrap()
}

#[test]
fn twilio_tells_the_status_of_a_touch_by_its_callback_url() {
    let url = format!("https://h.example.com/hooks/twilio?ref={TOKEN}");
    let body = "MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30005&To=%2B61412345678&From=%2B61480000001";
    let event = ask(Provider::Twilio, &url, &[], body).unwrap().remove(0);
    assert_eq!(event.event_id, "SM1:undelivered");
    assert_eq!(event.reference.unwrap().to_token(), TOKEN);
    assert_eq!(event.at, received_at());
    let expected = EventKind::HardBounced {
        code: "30005".to_owned(),
        address: Some("+61412345678".to_owned()),
    };
    assert_eq!(event.kind, expected);
    let queued = ask(
        Provider::Twilio,
        &url,
        &[],
        "MessageSid=SM1&MessageStatus=queued",
    )
    .unwrap();
    assert!(matches!(&queued[0].kind, EventKind::Ignored { name } if name == "queued"));
}

#[test]
fn twilio_inbound_carries_its_own_opt_out_mark() {
    let body = "MessageSid=SM2&SmsStatus=received&From=%2B61412345678&To=%2B61480000001&Body=STOP&OptOutType=STOP";
    let event = ask(Provider::Twilio, "/hooks/twilio", &[], body)
        .unwrap()
        .remove(0);
    assert_eq!(event.event_id, "SM2:received");
    let EventKind::Reply(message) = event.kind else {
        panic!();
    };
    assert_eq!(
        (message.text.as_str(), message.from.as_str()),
        ("STOP", "+61412345678")
    );
    assert_eq!(
        message.headers,
        [("OptOutType".to_owned(), "STOP".to_owned())]
    );
}

#[test]
fn clicksend_receipts_and_replies_come_as_form_or_json() {
    let form = format!("message_id=M1&status_code=201&timestamp=1790000000&custom_string={TOKEN}");
    let json = json!({"message_id": "M1", "status_code": 201, "timestamp": 1_790_000_000, "custom_string": TOKEN});
    let one = ask(Provider::Clicksend, "/hooks/clicksend/t", &[], &form).unwrap();
    let other = ask(
        Provider::Clicksend,
        "/hooks/clicksend/t",
        &[],
        &json.to_string(),
    )
    .unwrap();
    assert_eq!(one, other);
    assert_eq!(one[0].event_id, "M1:201");
    assert_eq!(one[0].kind, EventKind::Delivered);
    assert_eq!(one[0].at.timestamp(), 1_790_000_000);
    assert_eq!(one[0].reference.as_ref().unwrap().to_token(), TOKEN);
    let reply = json!({"message_id": "M2", "original_message_id": "M1", "from": "+61412345678", "to": "+61480000001", "body": "yes"});
    let reply = event(Provider::Clicksend, &reply);
    assert_eq!(
        (
            reply.event_id.as_str(),
            reply.provider_message_id.as_deref()
        ),
        ("M2", Some("M1"))
    );
}

#[test]
fn resend_bounces_follow_the_code_before_the_word_r30() {
    let bounced = |message: &str, word: &str| {
        json!({"type": "email.bounced", "created_at": "2026-11-22T23:41:12.126Z", "data": {
            "email_id": "e1", "to": ["bo@example.com"],
            "tags": {"tenant": "acme", "lead": "lead_0123456789abcdefghjkmnpqrs", "touch": "touch_0123456789abcdefghjkmnpqrs"},
            "bounce": {"message": message, "type": word, "subType": "General"}}})
    };
    let hard = event(Provider::Resend, &bounced("550 5.1.1 unknown", "Permanent"));
    assert_eq!(hard.reference.as_ref().unwrap().to_token(), TOKEN);
    assert_eq!(hard.at.to_rfc3339(), "2026-11-22T23:41:12.126+00:00");
    assert!(matches!(hard.kind, EventKind::HardBounced { .. }));
    for (message, word, expected) in [
        (
            "550 5.7.26 not authenticated",
            "Permanent",
            "policy_bounced",
        ),
        ("552 5.2.2 full", "Permanent", "soft_bounced"),
        ("gone", "Permanent", "hard_bounced"),
        ("busy", "Transient", "soft_bounced"),
        ("what", "Undetermined", "soft_bounced"),
        ("554 5.5.0 syntax", "Permanent", "failed"),
    ] {
        assert_eq!(
            kind(Provider::Resend, &bounced(message, word))["type"],
            expected,
            "{message}"
        );
    }
}

#[test]
fn resend_tags_are_read_as_object_and_as_list() {
    let tags = json!([{"name": "tenant", "value": "acme"},
        {"name": "lead", "value": "lead_0123456789abcdefghjkmnpqrs"},
        {"name": "touch", "value": "touch_0123456789abcdefghjkmnpqrs"}]);
    let body = json!({"type": "email.opened", "data": {"email_id": "e1", "tags": tags}});
    let event = event(Provider::Resend, &body);
    assert_eq!(event.reference.unwrap().to_token(), TOKEN);
    assert_eq!(
        (event.event_id.as_str(), event.kind),
        ("msg_1", EventKind::Opened)
    );
}

#[test]
fn resend_announces_inbound_mail_to_be_fetched() {
    let body = json!({"type": "email.received", "data": {"email_id": "in1", "from": "bo@example.com",
        "to": ["x@pool.example"], "received_for": ["ann@pool.example"], "message_id": "<a@b>", "subject": "Re: hi"}});
    let EventKind::Reply(message) = event(Provider::Resend, &body).kind else {
        panic!();
    };
    assert_eq!(message.fetch_id.as_deref(), Some("in1"));
    assert_eq!(message.to, "ann@pool.example");
    assert_eq!(
        message.headers,
        [("Message-ID".to_owned(), "<a@b>".to_owned())]
    );
}

/// An SES record in its SNS envelope.
fn through_sns(record: &Value) -> Value {
    json!({"Type": "Notification", "MessageId": "n1", "TopicArn": "arn:t", "Message": record.to_string(),
        "Timestamp": "2026-11-20T01:00:00.000Z", "SignatureVersion": "2", "Signature": "", "SigningCertURL": ""})
}

fn ses(record: &Value) -> Vec<ProviderEvent> {
    ask(
        Provider::Ses,
        "/hooks/ses",
        &[],
        &through_sns(record).to_string(),
    )
    .unwrap()
}

#[test]
fn ses_bounces_are_told_per_recipient_with_ids_of_their_own() {
    let recipient =
        |to: &str, status: &str| json!({"emailAddress": to, "action": "failed", "status": status});
    let record = json!({"eventType": "Bounce",
        "mail": {"messageId": "m1", "timestamp": "2026-11-20T01:00:00Z", "tags": {"tenant": ["acme"],
            "lead": ["lead_0123456789abcdefghjkmnpqrs"], "touch": ["touch_0123456789abcdefghjkmnpqrs"]}},
        "bounce": {"bounceType": "Permanent", "timestamp": "2026-11-20T01:00:09Z",
            "bouncedRecipients": [recipient("a@b.co", "5.1.1"), recipient("c@d.co", "4.4.7")]}});
    let events = ses(&record);
    let ids: Vec<_> = events.iter().map(|event| event.event_id.as_str()).collect();
    assert_eq!(ids, ["n1", "n1#1"]);
    assert!(
        matches!(&events[0].kind, EventKind::HardBounced { address: Some(to), .. } if to == "a@b.co")
    );
    assert!(matches!(&events[1].kind, EventKind::SoftBounced { code } if code == "4.4.7"));
    assert_eq!(events[0].reference.as_ref().unwrap().to_token(), TOKEN);
    assert_eq!(events[0].at.to_rfc3339(), "2026-11-20T01:00:09+00:00");
}

#[test]
fn ses_inbound_mail_is_a_reply_and_a_delivery_report_is_not_r29_r30() {
    let received = |content: &str| {
        json!({"notificationType": "Received", "mail": {"messageId": "in1", "timestamp": "2026-11-20T01:00:00Z"},
            "receipt": {"recipients": ["ann@pool.example"]}, "content": content})
    };
    let mail = "From: Bo <bo@example.com>\r\nTo: x@y.co\r\nSubject: Automatic reply\r\nAuto-Submitted: auto-replied\r\n\
        In-Reply-To: <m1@pool.example>\r\n\r\nI am away.";
    let EventKind::Reply(message) = ses(&received(mail)).remove(0).kind else {
        panic!();
    };
    assert_eq!(
        (message.from.as_str(), message.to.as_str()),
        ("bo@example.com", "ann@pool.example")
    );
    let marks = [
        ("Auto-Submitted".to_owned(), "auto-replied".to_owned()),
        ("In-Reply-To".to_owned(), "<m1@pool.example>".to_owned()),
    ];
    assert_eq!(message.headers, marks);
    let report = "From: mailer-daemon@mx.example\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
        --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n\
        Final-Recipient: rfc822; bo@example.com\r\nAction: failed\r\nStatus: 5.2.1\r\n\r\n\
        --b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <010f-1@ap-southeast-2.amazonses.com>\r\n\r\nhi\r\n--b--\r\n";
    let bounced = ses(&received(report)).remove(0);
    assert!(matches!(bounced.kind, EventKind::HardBounced { .. }));
    assert_eq!(bounced.provider_message_id.as_deref(), Some("010f-1"));
}

#[test]
fn ses_spam_reports_by_mail_are_complaints() {
    let report = "From: fbl@mx.example\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n\
        --b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nOriginal-Rcpt-To: <bo@example.com>\r\n\r\n--b--\r\n";
    let record =
        json!({"notificationType": "Received", "mail": {"messageId": "in2"}, "content": report});
    let expected = EventKind::Complained {
        address: Some("bo@example.com".to_owned()),
    };
    assert_eq!(ses(&record)[0].kind, expected);
}

#[test]
fn a_subscription_confirmation_is_ignored_as_an_event() {
    let mut body = through_sns(&json!({}));
    body["Type"] = "SubscriptionConfirmation".into();
    let kind = event(Provider::Ses, &body).kind;
    assert!(matches!(kind, EventKind::Ignored { name } if name == "SubscriptionConfirmation"));
}

#[test]
fn unipile_tells_messages_relations_and_account_states() {
    let message = |sender: &str, own: &str| {
        json!({"event": "message_received", "account_id": "acc", "chat_id": "chat1", "message_id": "m1",
            "message": "sure", "timestamp": "2026-11-20T01:00:00.000Z", "account_info": {"user_id": own},
            "sender": {"attendee_provider_id": sender}})
    };
    let event_in = event(Provider::Unipile, &message("bo", "ann"));
    assert_eq!(event_in.event_id, "m1");
    assert!(
        matches!(event_in.kind, EventKind::Reply(message) if message.from == "bo" && message.to == "acc")
    );
    let own = kind(Provider::Unipile, &message("ann", "ann"));
    assert_eq!(own, json!({"type": "ignored", "name": "message_sent"}));
    let relation = json!({"event": "new_relation", "account_id": "acc", "user_provider_id": "p9"});
    assert_eq!(
        kind(Provider::Unipile, &relation),
        json!({"type": "invitation_accepted", "person": "p9"})
    );
    let status = json!({"AccountStatus": {"account_id": "acc", "account_type": "LINKEDIN", "message": "CREDENTIALS"}});
    let status = event(Provider::Unipile, &status);
    assert_eq!(status.event_id, "acc:CREDENTIALS:2027-01-15");
    assert!(matches!(status.kind, EventKind::AccountStatus { .. }));
}

#[test]
fn vapi_ends_a_call_once() {
    let call = json!({"id": "call1", "assistantOverrides": {"metadata": {"ref": TOKEN}}});
    let report = json!({"message": {"type": "end-of-call-report", "endedReason": "voicemail", "call": call,
        "timestamp": 1_790_000_000_123.0_f64}});
    let event_in = event(Provider::Vapi, &report);
    assert_eq!(event_in.event_id, "call1:end-of-call-report");
    assert_eq!(event_in.reference.unwrap().to_token(), TOKEN);
    assert_eq!(event_in.at.timestamp(), 1_790_000_000);
    assert!(matches!(event_in.kind, EventKind::CallEnded { reason } if reason == "voicemail"));
    let update = json!({"message": {"type": "status-update", "status": "ended", "call": call}});
    let update = event(Provider::Vapi, &update);
    assert_eq!(update.event_id, "call1:status-update:ended");
    assert!(matches!(update.kind, EventKind::Ignored { .. }));
}

#[test]
fn signalhouse_tells_deliveries_failures_and_opt_outs() {
    let with = |name: &str, meta: Value| json!({"timestamp": "2026-11-20T01:00:00Z", "event": name, "identifier": "i1", "metaData": meta});
    let delivered = event(Provider::Signalhouse, &with("MESSAGE_DELIVERED", json!({})));
    assert_eq!(
        (delivered.event_id.as_str(), delivered.kind),
        ("MESSAGE_DELIVERED:i1", EventKind::Delivered)
    );
    let out = with(
        "MESSAGE_FAILED",
        json!({"errorCode": "OUT", "to": "15551234567"}),
    );
    assert_eq!(
        kind(Provider::Signalhouse, &out),
        json!({"type": "unsubscribed", "address": "15551234567"})
    );
    let failed = with("MESSAGE_FAILED", json!({"errorCode": "30007"}));
    assert_eq!(
        kind(Provider::Signalhouse, &failed),
        json!({"type": "failed", "code": "30007"})
    );
    let headers = [("X-SignalHouse-Delivery-Id", "d-1")];
    let body = with(
        "MESSAGE_RECEIVED",
        json!({"from": "15551234567", "to": "15557654321", "body": "STOP"}),
    );
    let inbound = ask(
        Provider::Signalhouse,
        "/hooks/signalhouse",
        &headers,
        &body.to_string(),
    )
    .unwrap();
    assert_eq!(inbound[0].event_id, "d-1");
    assert!(matches!(&inbound[0].kind, EventKind::Reply(message) if message.text == "STOP"));
}

#[test]
fn salesforge_tells_replies_and_never_guesses_a_hard_bounce() {
    let headers = [("X-SalesforgeAI-Webhook-Event-ID", "wh_1")];
    let with = |name: &str| {
        json!({"webhookInfo": {"id": "x", "eventTime": "2026-11-20T01:00:00Z", "type": name},
            "contact": {"email": "bo@example.com"}, "mailbox": {"email": "ann@pool.example"},
            "reply": {"content": {"text": "tell me more"}, "subject": "Re: hi"}})
    };
    let told = |name: &str| {
        let body = with(name).to_string();
        ask(Provider::Salesforge, "/hooks/salesforge", &headers, &body)
            .unwrap()
            .remove(0)
    };
    let reply = told("email_replied");
    assert_eq!(reply.event_id, "wh_1");
    assert!(matches!(reply.kind, EventKind::Reply(message) if message.text == "tell me more"));
    assert!(matches!(
        told("email_bounced").kind,
        EventKind::SoftBounced { .. }
    ));
    assert!(matches!(
        told("contact_unsubscribed").kind,
        EventKind::Unsubscribed { .. }
    ));
    assert!(matches!(
        told("positive_reply").kind,
        EventKind::Ignored { .. }
    ));
}

#[test]
fn stripe_events_pass_on_with_their_customer() {
    let body = json!({"id": "evt_1", "object": "event", "created": 1_790_000_000, "type": "invoice.paid",
        "data": {"object": {"id": "in_1", "object": "invoice", "customer": "cus_1"}}});
    let event_in = event(Provider::Stripe, &body);
    assert_eq!(
        (event_in.event_id.as_str(), event_in.at.timestamp()),
        ("evt_1", 1_790_000_000)
    );
    let expected = json!({"type": "billing", "name": "invoice.paid", "customer": "cus_1"});
    assert_eq!(serde_json::to_value(event_in.kind).unwrap(), expected);
}

#[test]
fn bookings_of_both_calendars_use_the_same_words() {
    let cal = |trigger: &str| {
        json!({"triggerEvent": trigger, "createdAt": "2026-11-20T01:00:00.000Z", "payload": {"uid": "u1",
            "startTime": "2026-12-01T00:00:00Z", "attendees": [{"email": "bo@example.com"}]}})
    };
    let made = event(Provider::Calcom, &cal("BOOKING_CREATED"));
    assert_eq!(made.event_id, "BOOKING_CREATED:u1:2026-11-20T01:00:00.000Z");
    let expected = json!({"type": "booking", "change": "created", "email": "bo@example.com", "starts_at": "2026-12-01T00:00:00Z"});
    assert_eq!(serde_json::to_value(made.kind).unwrap(), expected);
    assert_eq!(
        kind(Provider::Calcom, &cal("BOOKING_CANCELLED"))["change"],
        "canceled"
    );
    assert_eq!(
        kind(Provider::Calcom, &cal("MEETING_ENDED"))["type"],
        "ignored"
    );
    let calendly = |name: &str, more: Value| {
        let mut body = json!({"event": name, "created_at": "2026-11-20T01:00:00Z", "payload": {"uri": "https://c/i/1",
            "email": "bo@example.com", "scheduled_event": {"start_time": "2026-12-01T00:00:00Z"}}});
        for (key, value) in more.as_object().unwrap() {
            body["payload"][key] = value.clone();
        }
        kind(Provider::Calendly, &body)
    };
    assert_eq!(calendly("invitee.created", json!({})), expected);
    assert_eq!(
        calendly("invitee.canceled", json!({}))["change"],
        "canceled"
    );
    let moved = calendly("invitee.created", json!({"old_invitee": "https://c/i/0"}));
    assert_eq!(moved["change"], "rescheduled");
    let half = calendly("invitee.canceled", json!({"rescheduled": true}));
    assert_eq!(half["type"], "ignored");
}

#[test]
fn an_unparsable_webhook_names_the_field_and_its_value() {
    let error = |provider, body: &str| {
        let error = ask(provider, "/hooks/x", &[("svix-id", "m")], body).unwrap_err();
        (error.code, error.field, error.value)
    };
    let told = |code, field: &str, value: &str| (code, field.to_owned(), value.to_owned());
    assert_eq!(
        error(Provider::Resend, "hello"),
        told("not_json", "body", "hello")
    );
    assert_eq!(
        error(Provider::Resend, "{}"),
        told("missing_field", "type", "")
    );
    assert_eq!(
        error(Provider::Resend, r#"{"type":3}"#),
        told("wrong_value", "type", "3")
    );
    assert_eq!(
        error(Provider::Twilio, "a=1"),
        told("missing_field", "MessageSid", "")
    );
    assert_eq!(
        error(Provider::Twilio, "{}"),
        told("not_form", "body", "{}")
    );
    let receipt = "message_id=M&status_code=soon";
    assert_eq!(
        error(Provider::Clicksend, receipt),
        told("wrong_value", "status_code", "soon")
    );
    assert_eq!(
        error(Provider::Vapi, r#"{"message":{"type":"hang"}}"#),
        told("missing_field", "message.call.id", "")
    );
    assert_eq!(error(Provider::Dncr, "{}").0, "no_webhooks");
}
