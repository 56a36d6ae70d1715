//! Trains the table that gives the second opinion on replies: `cargo run -p touchline-domain --example
//! train_replies`. Reads the half of the labelled replies that is for tuning and writes `weights.bin`; the half held out
//! is only scored by the tests. Logistic regression by gradient descent with a step of its own for each weight, always
//! in the same order, so that the same texts give the same table.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::cast_precision_loss)]

use std::{fs, path::Path};

use serde::Deserialize;
use touchline_domain::{
    channel::Channel,
    replies::{
        Intent, Reply,
        model::{self, BUCKETS, COLUMNS, OPT_OUT, Table},
    },
};

/// Passes over all texts.
const PASSES: usize = 60;
/// First step of a weight.
const STEP: f32 = 0.6;
/// What draws every weight towards nothing, at each text that uses it.
const SHRINK: f32 = 4e-5;
/// An opt-out counts so much more than another text: recall comes first (REP-2).
const OPT_OUTS_COUNT: f32 = 2.0;

#[derive(Deserialize)]
struct Labelled {
    channel: Channel,
    text: String,
    #[serde(default)]
    subject: Option<String>,
    intent: Intent,
    opt_out: bool,
}

/// A text as the table sees it.
struct Seen {
    buckets: Vec<u16>,
    values: Vec<f32>,
    intent: usize,
    opt_out: bool,
}

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let texts = fs::read_to_string(folder.join("tests/fixtures/replies/dev.jsonl")).unwrap();
    let rows: Vec<Labelled> = texts
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let mut seen: Vec<Seen> = rows.iter().map(see).collect();
    let rarities = rarities(&seen);
    for text in &mut seen {
        text.values = values(&text.buckets, &rarities);
    }
    let mut learner = Learner::new();
    for pass in 0..PASSES {
        for at in order(seen.len(), pass) {
            learner.learn(&seen[at]);
        }
    }
    let right = seen
        .iter()
        .filter(|text| learner.best(text) == text.intent)
        .count();
    println!("{} texts, {right} of them as labelled", seen.len());
    let bytes = Table::encode(&learner.weights, &learner.biases, &rarities);
    fs::write(folder.join("src/replies/model/weights.bin"), bytes).unwrap();
}

fn see(row: &Labelled) -> Seen {
    let reply = Reply {
        subject: row.subject.as_deref(),
        ..Reply::new(row.channel, &row.text)
    };
    Seen {
        buckets: model::buckets(&reply),
        values: Vec::new(),
        intent: model::column(row.intent),
        opt_out: row.opt_out,
    }
}

/// How rare each bucket is, as it will be kept. What no text fills says nothing, and only lengthens a text.
fn rarities(seen: &[Seen]) -> Vec<f32> {
    let mut counts = vec![0_u32; BUCKETS];
    for text in seen {
        for bucket in &text.buckets {
            counts[usize::from(*bucket)] += 1;
        }
    }
    let all = seen.len() as f32;
    counts
        .iter()
        .map(|count| Table::kept(((1.0 + all) / (1.0 + *count as f32)).ln() + 1.0))
        .collect()
}

fn values(buckets: &[u16], rarities: &[f32]) -> Vec<f32> {
    let rarity = |bucket: &u16| rarities[usize::from(*bucket)];
    let length = buckets
        .iter()
        .map(rarity)
        .map(|r| r * r)
        .sum::<f32>()
        .sqrt();
    buckets.iter().map(|b| rarity(b) / length).collect()
}

/// An order that differs from pass to pass and is the same each time.
fn order(texts: usize, pass: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..texts).collect();
    let mut state = 0x9E37_79B9_7F4A_7C15_u64.wrapping_add(pass as u64);
    for at in (1..texts).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        order.swap(at, usize::try_from(state >> 33).unwrap() % (at + 1));
    }
    order
}

struct Learner {
    weights: Vec<[f32; COLUMNS]>,
    slopes: Vec<[f32; COLUMNS]>,
    biases: [f32; COLUMNS],
}

impl Learner {
    fn new() -> Self {
        Self {
            weights: vec![[0.0; COLUMNS]; BUCKETS],
            slopes: vec![[1e-3; COLUMNS]; BUCKETS],
            biases: [0.0; COLUMNS],
        }
    }

    fn sums(&self, text: &Seen) -> [f32; COLUMNS] {
        let mut sums = self.biases;
        for (bucket, value) in text.buckets.iter().zip(&text.values) {
            for (sum, weight) in sums.iter_mut().zip(self.weights[usize::from(*bucket)]) {
                *sum += value * weight;
            }
        }
        sums
    }

    fn best(&self, text: &Seen) -> usize {
        let sums = self.sums(text);
        (0..OPT_OUT)
            .max_by(|a, b| sums[*a].total_cmp(&sums[*b]))
            .unwrap()
    }

    fn learn(&mut self, text: &Seen) {
        let sums = self.sums(text);
        let most = sums[..OPT_OUT].iter().copied().fold(f32::MIN, f32::max);
        let all: f32 = sums[..OPT_OUT].iter().map(|sum| (sum - most).exp()).sum();
        let mut errors = [0.0; COLUMNS];
        for at in 0..OPT_OUT {
            let wanted = f32::from(u8::from(at == text.intent));
            errors[at] = (sums[at] - most).exp() / all - wanted;
        }
        let asked = 1.0 / (1.0 + (-sums[OPT_OUT]).exp());
        let counts = if text.opt_out { OPT_OUTS_COUNT } else { 1.0 };
        errors[OPT_OUT] = counts * (asked - f32::from(u8::from(text.opt_out)));
        for (bucket, value) in text.buckets.iter().zip(&text.values) {
            let bucket = usize::from(*bucket);
            for (at, error) in errors.iter().enumerate() {
                let weight = &mut self.weights[bucket][at];
                let slope = error * value + SHRINK * *weight;
                self.slopes[bucket][at] += slope * slope;
                *weight -= STEP * slope / self.slopes[bucket][at].sqrt();
            }
        }
        for (bias, error) in self.biases.iter_mut().zip(errors) {
            *bias -= 0.01 * error;
        }
    }
}
