//! The table of weights: for each bucket one signed byte a column and the bucket's rarity, kept in `weights.bin` as
//! `examples/train_replies.rs` writes it. A file of another shape is refused when it is compiled in.

use std::sync::LazyLock;

use strum::EnumCount as _;

use super::features::BUCKETS;
use crate::replies::intent::Intent;

/// Columns that speak: one an intent, and the last for an opt-out.
pub const COLUMNS: usize = Intent::COUNT + 1;
/// The column that tells an opt-out from everything else.
pub const OPT_OUT: usize = Intent::COUNT;

/// Bytes of a bucket: its columns and its rarity.
const ROW: usize = COLUMNS + 1;
/// Bytes before the rows: a scale and a bias for each column.
const HEAD: usize = COLUMNS * 8;
/// A weight is kept as a multiple of this, of at most 127.
const COARSE: f32 = 4.0;
/// Rarity is kept in steps of this.
const RARITY_STEP: f32 = 1.0 / 24.0;

static BYTES: &[u8; HEAD + BUCKETS * ROW] = include_bytes!("weights.bin");

static TRAINED: LazyLock<Table> = LazyLock::new(|| Table::read(BYTES));

/// The weights, ready to be summed.
#[derive(Debug)]
pub struct Table {
    scales: [f32; COLUMNS],
    biases: [f32; COLUMNS],
    rows: &'static [u8],
}

impl Table {
    /// The table that this program carries.
    pub(super) fn trained() -> &'static Self {
        &TRAINED
    }

    fn read(bytes: &'static [u8]) -> Self {
        let (head, rows) = bytes.split_at(HEAD);
        let mut scales = [0.0; COLUMNS];
        let mut biases = [0.0; COLUMNS];
        for (at, pair) in head.chunks_exact(8).enumerate() {
            scales[at] = f32::from_le_bytes([pair[0], pair[1], pair[2], pair[3]]);
            biases[at] = f32::from_le_bytes([pair[4], pair[5], pair[6], pair[7]]);
        }
        Self {
            scales,
            biases,
            rows,
        }
    }

    fn row(&self, bucket: u16) -> &[u8] {
        let at = usize::from(bucket) * ROW;
        &self.rows[at..at + ROW]
    }

    /// What the buckets say together, column by column.
    pub(super) fn sums(&self, buckets: &[u16]) -> [f32; COLUMNS] {
        let mut sums = [0.0; COLUMNS];
        let mut length = 0.0;
        for bucket in buckets {
            let row = self.row(*bucket);
            let rarity = f32::from(row[COLUMNS]) * RARITY_STEP;
            length += rarity * rarity;
            for (sum, weight) in sums.iter_mut().zip(row) {
                *sum += rarity * f32::from(weight.cast_signed());
            }
        }
        let length = length.sqrt().max(f32::EPSILON);
        for (at, sum) in sums.iter_mut().enumerate() {
            *sum = *sum / length * self.scales[at] + self.biases[at];
        }
        sums
    }

    /// How much one bucket says for a column, against others of this table.
    pub(super) fn weight(&self, bucket: u16, column: usize) -> f32 {
        let row = self.row(bucket);
        f32::from(row[COLUMNS]) * f32::from(row[column].cast_signed())
    }

    /// The bytes of a table with these weights, rarities and biases: what is kept in `weights.bin`. Weights are kept in
    /// steps of [`COARSE`], which a deployed archive packs into less.
    #[must_use]
    pub fn encode(
        weights: &[[f32; COLUMNS]],
        biases: &[f32; COLUMNS],
        rarities: &[f32],
    ) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEAD + BUCKETS * ROW);
        let mut scales = [0.0; COLUMNS];
        for (at, scale) in scales.iter_mut().enumerate() {
            let largest = weights
                .iter()
                .fold(0.0, |most: f32, row| most.max(row[at].abs()));
            *scale = largest.max(f32::EPSILON) / f32::from(i8::MAX);
            bytes.extend(scale.to_le_bytes());
            bytes.extend(biases[at].to_le_bytes());
        }
        for (row, rarity) in weights.iter().zip(rarities) {
            for (weight, scale) in row.iter().zip(scales) {
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "it is within a byte by its scale"
                )]
                let kept = ((weight / scale / COARSE).round() * COARSE) as i8;
                bytes.push(kept.cast_unsigned());
            }
            bytes.push(Self::step(*rarity));
        }
        bytes
    }

    /// A rarity as it is kept.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is clamped to a byte"
    )]
    fn step(rarity: f32) -> u8 {
        (rarity / RARITY_STEP).round().clamp(0.0, 255.0) as u8
    }

    /// A rarity as it comes back from the table.
    #[must_use]
    pub fn kept(rarity: f32) -> f32 {
        f32::from(Self::step(rarity)) * RARITY_STEP
    }
}
