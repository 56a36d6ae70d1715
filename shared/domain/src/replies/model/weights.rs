//! The table of weights: for each feature one signed byte per column and the feature's rarity, in `weights.bin` as
//! `examples/train_replies.rs` writes it. A file of another shape does not compile.

use std::sync::LazyLock;

use strum::EnumCount as _;

use super::features::Feature;
use crate::replies::intent::Intent;

/// Columns: one per intent, and the last for an opt-out.
pub const COLUMNS: usize = Intent::COUNT + 1;
/// The column that tells an opt-out from everything else.
pub const OPT_OUT: usize = Intent::COUNT;

/// Bytes of a feature's hash.
const KEY: usize = 4;
/// Bytes of a feature's row: its columns and its rarity.
const ROW: usize = COLUMNS + 1;
/// Bytes before the features: a scale and a bias for each column.
const HEAD: usize = COLUMNS * 8;
/// Features in the table.
const FEATURES: usize = (BYTES.len() - HEAD) / (KEY + ROW);
/// The leading bits of a hash by which it is found.
const LEADING: u32 = 12;
/// A weight is stored as a multiple of this, of at most 127.
const COARSE: f32 = 4.0;
/// Rarity is stored in steps of this.
const RARITY_STEP: f32 = 1.0 / 24.0;

static BYTES: &[u8] = include_bytes!("weights.bin");
const _: () = assert!(
    BYTES.len() == HEAD + FEATURES * (KEY + ROW),
    "weights.bin does not hold whole rows"
);

static TRAINED: LazyLock<Table> = LazyLock::new(|| Table::read(BYTES));

/// The trained weights of one feature.
#[derive(Clone, Copy, Debug)]
pub struct TrainedFeature {
    /// The feature.
    pub feature: Feature,
    /// The weight in each column.
    pub weights: [f32; COLUMNS],
    /// The rarity.
    pub rarity: f32,
}

/// The weights, ready to be summed.
#[derive(Debug)]
pub struct Table {
    scales: [f32; COLUMNS],
    biases: [f32; COLUMNS],
    /// The hashes, in order.
    keys: Vec<u32>,
    /// For each value of the leading bits, where its hashes begin.
    starts: Vec<usize>,
    rows: &'static [u8],
}

impl Table {
    /// The table that this program carries.
    pub(super) fn trained() -> &'static Self {
        &TRAINED
    }

    fn read(bytes: &'static [u8]) -> Self {
        let (head, rest) = bytes.split_at(HEAD);
        let (keys, rows) = rest.split_at(FEATURES * KEY);
        let mut scales = [0.0; COLUMNS];
        let mut biases = [0.0; COLUMNS];
        for (at, pair) in head.chunks_exact(8).enumerate() {
            scales[at] = f32::from_le_bytes([pair[0], pair[1], pair[2], pair[3]]);
            biases[at] = f32::from_le_bytes([pair[4], pair[5], pair[6], pair[7]]);
        }
        let keys: Vec<u32> = keys
            .chunks_exact(KEY)
            .map(|key| u32::from_le_bytes([key[0], key[1], key[2], key[3]]))
            .collect();
        let starts = (0..=1 << LEADING)
            .map(|lead| keys.partition_point(|key| leading(*key) < lead))
            .collect();
        Self {
            scales,
            biases,
            keys,
            starts,
            rows,
        }
    }

    /// The weights of a feature; none if training did not see it twice.
    fn row(&self, feature: Feature) -> Option<&[u8]> {
        let hash = feature.hash();
        let lead = leading(hash);
        let (from, to) = (self.starts[lead], self.starts[lead + 1]);
        let at = from + self.keys[from..to].iter().position(|key| *key == hash)?;
        Some(&self.rows[at * ROW..(at + 1) * ROW])
    }

    /// The weights of the features summed by column.
    pub(super) fn sums(&self, features: &[Feature]) -> [f32; COLUMNS] {
        let mut sums = [0.0; COLUMNS];
        let mut length = 0.0;
        for row in features.iter().filter_map(|feature| self.row(*feature)) {
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

    /// The weight of one feature for a column, comparable within this table.
    pub(super) fn weight(&self, feature: Feature, column: usize) -> f32 {
        self.row(feature).map_or(0.0, |row| {
            f32::from(row[COLUMNS]) * f32::from(row[column].cast_signed())
        })
    }

    /// The bytes of a table with these features, in the order of their hashes: what is kept in `weights.bin`. Weights are
    /// kept in steps of [`COARSE`], which a deployed archive packs into less.
    #[must_use]
    pub fn encode(learnt: &[TrainedFeature], biases: &[f32; COLUMNS]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEAD + learnt.len() * (KEY + ROW));
        let mut scales = [0.0; COLUMNS];
        for (at, scale) in scales.iter_mut().enumerate() {
            let largest = learnt
                .iter()
                .fold(0.0, |most: f32, one| most.max(one.weights[at].abs()));
            *scale = largest.max(f32::EPSILON) / f32::from(i8::MAX);
            bytes.extend(scale.to_le_bytes());
            bytes.extend(biases[at].to_le_bytes());
        }
        bytes.extend(
            learnt
                .iter()
                .flat_map(|one| one.feature.hash().to_le_bytes()),
        );
        for one in learnt {
            for (weight, scale) in one.weights.iter().zip(scales) {
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "it is within a byte by its scale"
                )]
                let kept = ((weight / scale / COARSE).round() * COARSE) as i8;
                bytes.push(kept.cast_unsigned());
            }
            bytes.push(Self::step(one.rarity));
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

fn leading(hash: u32) -> usize {
    (hash >> (u32::BITS - LEADING)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feature_of_the_table_is_found_by_its_hash() {
        let table = Table::trained();
        assert!(table.keys.is_sorted_by(|a, b| a < b));
        for (at, key) in table.keys.iter().enumerate() {
            let lead = leading(*key);
            assert!((table.starts[lead]..table.starts[lead + 1]).contains(&at));
        }
        assert_eq!(table.starts.last(), Some(&FEATURES));
    }

    #[test]
    fn a_feature_that_training_did_not_see_changes_nothing() {
        let table = Table::trained();
        let (known, unknown) = (Feature::word("stop"), Feature::word("zyxgnarl"));
        assert!(table.weight(known, OPT_OUT) > 0.0);
        assert_eq!(table.row(unknown), None);
        assert_eq!(
            table.sums(&[known]).map(f32::to_bits),
            table.sums(&[known, unknown]).map(f32::to_bits)
        );
    }
}
