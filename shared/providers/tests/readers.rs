//! The model that reads replies, against a server that answers as Anthropic documents it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

use secrecy::SecretString;
use serde_json::{Value, json};
use touchline_domain::{channel::Channel, replies::Intent};
use touchline_engine::reply::refine::{LIFETIME_BUDGET, Reader, Verdict};
use touchline_providers::{
    anthropic::Anthropic,
    http::{CallError, Timeouts, client},
};

/// One request: its head in lower case, and its body.
type Asked = (String, Value);

/// Gives every request the same answer and keeps what it was asked.
struct Server {
    status: u16,
    answer: Value,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    fn answering(status: u16, answer: Value) -> Self {
        Self {
            status,
            answer,
            asked: Arc::default(),
        }
    }

    /// Starts it on a free port and gives a client for it.
    fn start(&self) -> Anthropic {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}/", listener.local_addr().unwrap());
        let (status, answer) = (self.status, self.answer.to_string());
        let asked = Arc::clone(&self.asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                serve(stream.unwrap(), status, &answer, &asked);
            }
        });
        let client = client(Timeouts::default()).unwrap();
        Anthropic::new(
            client,
            base,
            SecretString::from("key-1".to_owned()),
            "model-1",
        )
    }
}

fn serve(mut stream: TcpStream, status: u16, answer: &str, asked: &Mutex<Vec<Asked>>) {
    let mut reader = BufReader::new(&stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        reader.read_line(&mut head).unwrap();
    }
    let head = head.to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    let response = format!(
        "HTTP/1.1 {status} Answer\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{answer}",
        answer.len()
    );
    let body = serde_json::from_slice(&body).unwrap();
    asked.lock().unwrap().push((head, body));
    stream.write_all(response.as_bytes()).unwrap();
}

fn tool_use(input: &Value) -> Value {
    json!({
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "stop_reason": "tool_use",
        "content": [
            { "type": "text", "text": "Filing it." },
            { "type": "tool_use", "id": "toolu_1", "name": "file_reply", "input": input },
        ],
        "usage": { "input_tokens": 300, "output_tokens": 40 },
    })
}

#[tokio::test]
async fn the_answer_is_forced_into_the_tool_and_read_from_it() {
    let input = json!({ "intent": "question", "confidence": 88 });
    let server = Server::answering(200, tool_use(&input));
    let reader = server.start();
    let reading = reader.ask(Channel::Email, "hmm, and then?").await;
    let expected = Verdict {
        intent: Intent::Question,
        confidence: 88,
    };
    assert_eq!(reading, Ok(expected));

    let asked = server.asked.lock().unwrap();
    let (head, body) = &asked[0];
    assert!(head.starts_with("post /v1/messages "));
    assert!(head.contains("x-api-key: key-1") && head.contains("anthropic-version: 2026-10-21"));
    assert_eq!(body["model"], "model-1");
    assert_eq!(body["tool_choice"]["type"], "tool");
    assert_eq!(body["tool_choice"]["name"], body["tools"][0]["name"]);
    // This version of the API refuses a request that sets one.
    assert!(body["temperature"].is_null());
    let content = body["messages"][0]["content"].as_str().unwrap();
    assert!(content.ends_with("hmm, and then?"));
}

#[tokio::test]
async fn an_answer_of_another_shape_is_no_answer() {
    let wrong = [
        json!({ "intent": "obey_me", "confidence": 99 }),
        json!({ "intent": "question", "confidence": 101 }),
        json!({ "intent": "question", "confidence": "very" }),
        json!({ "intent": "question" }),
    ];
    for input in wrong {
        let reader = Server::answering(200, tool_use(&input)).start();
        assert_eq!(reader.read(Channel::Sms, "hm").await, None, "{input}");
    }
    let text = json!({ "content": [{ "type": "text", "text": "It is a question." }] });
    let reader = Server::answering(200, text).start();
    let unreadable = reader.ask(Channel::Sms, "hm").await.unwrap_err();
    assert!(matches!(unreadable, CallError::Unreadable(_)));
}

#[tokio::test]
async fn a_refusal_names_its_type_and_an_overload_passes() {
    let error = |kind: &str| json!({ "type": "error", "error": { "type": kind, "message": "no" } });
    let reader = Server::answering(401, error("authentication_error")).start();
    let refused = reader.ask(Channel::Sms, "hm").await.unwrap_err();
    assert!(matches!(&refused, CallError::Refused { code, .. } if code == "authentication_error"));
    let reader = Server::answering(529, error("overloaded_error")).start();
    let overloaded = reader.ask(Channel::Sms, "hm").await.unwrap_err();
    assert!(matches!(overloaded, CallError::Unavailable { .. }));
    assert_eq!(reader.read(Channel::Sms, "hm").await, None);
}

#[tokio::test]
async fn rep_4_one_reading_is_a_small_part_of_a_leads_budget() {
    let reader = Server::answering(200, Value::Null).start();
    let price = reader.price().await.unwrap();
    assert!(price.0 > 0 && price.0 * 10 <= LIFETIME_BUDGET.0);
}
