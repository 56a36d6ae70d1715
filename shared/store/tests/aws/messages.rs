//! Queues, files, events.

use aws_lambda_events::event::sqs::SqsEvent;
use touchline_domain::{
    channel::Channel, events::Provider, ids::LeadId, sending::resource::ResourceKind,
};
use touchline_engine::{
    announce::{Announce as _, DomainEvent},
    job::{TouchJob, WashJob},
    ports::{ChannelQueues, WashRequests},
};
use touchline_runtime::{
    batch::{self, Handled, Message},
    visibility::SqsVisibility,
};
use touchline_store::{
    bus::Bus,
    files::{FileKey, ImportFile, Open},
};

use crate::{
    engine::Engine::Emulator,
    samples::{now, tenant_id},
    schema::Stack,
};

async fn receive(stack: &Stack, url: &str) -> Vec<aws_sdk_sqs::types::Message> {
    let received = stack
        .aws
        .sqs()
        .receive_message()
        .queue_url(url)
        .max_number_of_messages(10)
        .send()
        .await
        .unwrap();
    received.messages.unwrap_or_default()
}

#[tokio::test]
async fn jobs_reach_their_channels_queue_each_with_its_delay() {
    let stack = Stack::new(Emulator).await;
    let (_, url) = stack.queue("email").await;
    let store = stack.store(&[("QUEUE_EMAIL", &url)]);
    let tenant = tenant_id("acme");
    let jobs: Vec<(TouchJob, u32)> = (0..23)
        .map(|n| {
            let lead = LeadId::derive(&tenant, &n.to_string());
            (
                TouchJob::V1 {
                    tenant: tenant.clone(),
                    lead,
                    due_at: now(),
                },
                if n < 5 { 0 } else { 900 },
            )
        })
        .collect();
    assert!(store.send(Channel::Email, &jobs).await.unwrap().is_empty());
    let mut seen = Vec::new();
    while let [message, ..] = receive(&stack, &url).await.as_slice() {
        let job: TouchJob = serde_json::from_str(message.body().unwrap()).unwrap();
        let receipt = message.receipt_handle().unwrap();
        stack
            .aws
            .sqs()
            .delete_message()
            .queue_url(&url)
            .receipt_handle(receipt)
            .send()
            .await
            .unwrap();
        seen.push(job);
        if seen.len() == 5 {
            break;
        }
    }
    assert!(
        seen.iter()
            .all(|job| jobs[..5].iter().any(|(sent, _)| sent == job))
    );
    let error = store.send(Channel::Voice, &jobs[..1]).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the settings holds nothing in QUEUE_VOICE: it is not set"
    );
}

#[tokio::test]
async fn a_queue_that_is_gone_takes_nothing_and_says_so() {
    let stack = Stack::new(Emulator).await;
    let gone =
        touchline_store::queues::Queue::new(stack.aws.sqs(), "http://127.0.0.1/000000000000/gone");
    let error = gone.send(&[("job", 0)]).await.unwrap_err();
    assert!(
        error.to_string().starts_with("queue is not available: "),
        "{error}"
    );
}

#[tokio::test]
async fn gate_5_a_stale_number_asks_for_its_wash() {
    let stack = Stack::new(Emulator).await;
    let (_, url) = stack.queue("wash").await;
    let store = stack.store(&[("QUEUE_WASH", &url)]);
    let number = "+61412345678".parse().unwrap();
    store.request_wash(&number).await.unwrap();
    let message = receive(&stack, &url).await.remove(0);
    let job: WashJob = serde_json::from_str(message.body().unwrap()).unwrap();
    assert_eq!(
        job,
        WashJob::V1 {
            numbers: vec![number]
        }
    );
}

#[tokio::test]
async fn a_message_that_is_to_come_back_at_once_does() {
    let stack = Stack::new(Emulator).await;
    let (queue, url) = stack.queue("retry").await;
    queue.send(&[(7_u32, 0)]).await.unwrap();
    let message = receive(&stack, &url).await.remove(0);
    assert!(receive(&stack, &url).await.is_empty(), "in flight");
    let name = url.rsplit('/').next().unwrap();
    let event: SqsEvent = serde_json::from_value(serde_json::json!({ "Records": [{
        "messageId": message.message_id(),
        "receiptHandle": message.receipt_handle(),
        "body": message.body(),
        "eventSourceARN": format!("arn:aws:sqs:ap-southeast-2:000000000000:{name}"),
    }]}))
    .unwrap();
    let visibility = SqsVisibility::new(stack.aws.sqs());
    let handler =
        |message: Message<u32>| async move { Handled::retry(0, format!("job {}", message.job)) };
    let response = batch::run(event, &visibility, 4, handler).await;
    assert_eq!(response.batch_item_failures.len(), 1);
    assert_eq!(receive(&stack, &url).await.len(), 1, "visible again");
}

#[tokio::test]
async fn hook_3_a_raw_webhook_is_kept_once() {
    let stack = Stack::new(Emulator).await;
    let files = stack.files().await;
    let key = FileKey::webhook(
        Some(&tenant_id("acme")),
        Provider::Resend,
        now().date_naive(),
        "evt_1",
    );
    assert!(files.keep(&key, b"{}".to_vec()).await.unwrap());
    assert!(!files.keep(&key, b"{\"other\":1}".to_vec()).await.unwrap());
    let Open::File(opened) = files.open(&key, 0, None).await.unwrap() else {
        panic!("it is there")
    };
    assert_eq!(opened.body.collect().await.unwrap().into_bytes(), "{}");
}

#[tokio::test]
async fn hub_1_a_file_is_read_on_from_a_byte_and_a_replaced_one_is_noticed() {
    let stack = Stack::new(Emulator).await;
    let files = stack.files().await;
    let (tenant, upload) = (tenant_id("acme"), "u1".parse().unwrap());
    let key = ImportFile::parse(FileKey::import(&tenant, &upload, "my leads.csv").as_str())
        .unwrap()
        .key;
    assert!(matches!(
        files.open(&key, 0, None).await.unwrap(),
        Open::Missing
    ));
    files
        .put(&key, "text/csv", b"email\nana@example.com\n".to_vec())
        .await
        .unwrap();
    let Open::File(first) = files.open(&key, 0, None).await.unwrap() else {
        panic!("it is there")
    };
    assert_eq!(first.size_bytes, 22);
    let Open::File(rest) = files.open(&key, 6, Some(&first.etag)).await.unwrap() else {
        panic!("the same")
    };
    assert_eq!((rest.size_bytes, rest.etag), (22, first.etag.clone()));
    assert_eq!(
        rest.body.collect().await.unwrap().into_bytes(),
        "ana@example.com\n"
    );
    assert!(matches!(
        files.open(&key, 22, Some(&first.etag)).await.unwrap(),
        Open::AtEnd
    ));
    files
        .put(&key, "text/csv", b"email\nben@example.com\n".to_vec())
        .await
        .unwrap();
    assert!(matches!(
        files.open(&key, 6, Some(&first.etag)).await.unwrap(),
        Open::Replaced
    ));
}

#[tokio::test]
async fn domain_events_reach_the_bus() {
    let stack = Stack::new(Emulator).await;
    let client = stack.aws.eventbridge();
    let name = stack.table("bus");
    client.create_event_bus().name(&name).send().await.unwrap();
    let events: Vec<DomainEvent> = (0..12)
        .map(|available| DomainEvent::PoolLow {
            kind: ResourceKind::PhoneNumber,
            available,
            wanted: 12,
        })
        .collect();
    Bus::new(client, &name).announce(&events).await.unwrap();
}
