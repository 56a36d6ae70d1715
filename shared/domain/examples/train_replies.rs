//! Trains the table that gives the second opinion on replies: `cargo run -p touchline-domain --example
//! train_replies`. Reads the half of the labelled replies that is for tuning and writes `weights.bin`; the half held out
//! is only scored by the tests. Logistic regression by gradient descent with a step of its own for each weight, always
//! in the same order, so that the same texts give the same table.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::cast_precision_loss)]

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;
use touchline_domain::{
    channel::Channel,
    replies::{
        Intent, Reply,
        model::{self, COLUMNS, Feature, OPT_OUT, Table, TrainedFeature},
    },
};

/// Passes over all texts.
const PASSES: usize = 60;
/// First step of a weight.
const STEP: f32 = 0.6;
/// What draws every weight towards nothing, in one pass over all texts.
const SHRINK: f32 = 1.0 / 60.0;
/// An opt-out counts so much more than another text: recall comes first (REP-2).
const OPT_OUTS_COUNT: f32 = 2.0;
/// A feature of fewer texts than this says nothing that holds for others.
const FEWEST_TEXTS: u32 = 2;
/// A feature is kept whose weight in any column is at least this part of the column's largest.
const SPEAKS_FROM: f32 = 0.04;

#[derive(Deserialize)]
struct Labelled {
    channel: Channel,
    text: String,
    #[serde(default)]
    subject: Option<String>,
    intent: Intent,
    opt_out: bool,
}

/// A feature in training.
#[derive(Clone, Copy)]
struct Known {
    feature: Feature,
    rarity: f32,
    shrink: f32,
}

/// A text as the table sees it: features by their number, and how much each is of the text.
struct Seen {
    features: Vec<(usize, f32)>,
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
    let read: Vec<Vec<Feature>> = rows.iter().map(features).collect();
    let all = known(&read);
    let (_, first) = train(&rows, &read, &all);
    let known = speaking(&first);
    let (seen, learner) = train(&rows, &read, &known);
    let right = seen
        .iter()
        .filter(|text| learner.best(text) == text.intent)
        .count();
    println!(
        "{} texts, {right} of them as labelled, {} features",
        seen.len(),
        known.len()
    );
    let learnt: Vec<TrainedFeature> = known
        .iter()
        .zip(&learner.weights)
        .map(|(known, weights)| TrainedFeature {
            feature: known.feature,
            weights: *weights,
            rarity: known.rarity,
        })
        .collect();
    let bytes = Table::encode(&learnt, &learner.biases);
    fs::write(folder.join("src/replies/model/weights.bin"), bytes).unwrap();
}

/// Learns what these features say, from nothing.
fn train<'k>(
    rows: &[Labelled],
    read: &[Vec<Feature>],
    known: &'k [Known],
) -> (Vec<Seen>, Learner<'k>) {
    let seen: Vec<Seen> = rows
        .iter()
        .zip(read)
        .map(|(row, features)| see(row, features, known))
        .collect();
    let mut learner = Learner::new(known);
    for pass in 0..PASSES {
        for at in order(seen.len(), pass) {
            learner.learn(&seen[at]);
        }
    }
    (seen, learner)
}

/// The features that say anything: the rest only lengthens the texts and the program.
fn speaking(learner: &Learner<'_>) -> Vec<Known> {
    let mut most = [f32::EPSILON; COLUMNS];
    for weights in &learner.weights {
        for (most, weight) in most.iter_mut().zip(weights) {
            *most = most.max(weight.abs());
        }
    }
    learner
        .known
        .iter()
        .zip(&learner.weights)
        .filter(|(_, weights)| {
            weights
                .iter()
                .zip(most)
                .any(|(weight, most)| weight.abs() >= SPEAKS_FROM * most)
        })
        .map(|(known, _)| *known)
        .collect()
}

fn features(row: &Labelled) -> Vec<Feature> {
    model::features(&Reply {
        subject: row.subject.as_deref(),
        ..Reply::new(row.channel, &row.text)
    })
}

/// The features of enough texts, in the order of their hashes, and how rare each is, as it will be kept.
fn known(read: &[Vec<Feature>]) -> Vec<Known> {
    let mut counts: BTreeMap<Feature, u32> = BTreeMap::new();
    for feature in read.iter().flatten() {
        *counts.entry(*feature).or_default() += 1;
    }
    let all = read.len() as f32;
    counts
        .into_iter()
        .filter(|(_, count)| *count >= FEWEST_TEXTS)
        .map(|(feature, count)| Known {
            feature,
            rarity: Table::kept(((1.0 + all) / (1.0 + count as f32)).ln() + 1.0),
            shrink: SHRINK / count as f32,
        })
        .collect()
}

fn see(row: &Labelled, features: &[Feature], known: &[Known]) -> Seen {
    let numbers: Vec<usize> = features
        .iter()
        .filter_map(|feature| known.binary_search_by_key(feature, |k| k.feature).ok())
        .collect();
    let length = numbers
        .iter()
        .map(|number| known[*number].rarity.powi(2))
        .sum::<f32>()
        .sqrt();
    Seen {
        features: numbers
            .into_iter()
            .map(|number| (number, known[number].rarity / length))
            .collect(),
        intent: model::column(row.intent),
        opt_out: row.opt_out,
    }
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

struct Learner<'k> {
    known: &'k [Known],
    weights: Vec<[f32; COLUMNS]>,
    slopes: Vec<[f32; COLUMNS]>,
    biases: [f32; COLUMNS],
}

impl<'k> Learner<'k> {
    fn new(known: &'k [Known]) -> Self {
        Self {
            known,
            weights: vec![[0.0; COLUMNS]; known.len()],
            slopes: vec![[1e-3; COLUMNS]; known.len()],
            biases: [0.0; COLUMNS],
        }
    }

    fn sums(&self, text: &Seen) -> [f32; COLUMNS] {
        let mut sums = self.biases;
        for (number, value) in &text.features {
            for (sum, weight) in sums.iter_mut().zip(self.weights[*number]) {
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
        for (number, value) in &text.features {
            let shrink = self.known[*number].shrink;
            for (at, error) in errors.iter().enumerate() {
                let weight = &mut self.weights[*number][at];
                let slope = error * value + shrink * *weight;
                self.slopes[*number][at] += slope * slope;
                *weight -= STEP * slope / self.slopes[*number][at].sqrt();
            }
        }
        for (bias, error) in self.biases.iter_mut().zip(errors) {
            *bias -= 0.01 * error;
        }
    }
}
