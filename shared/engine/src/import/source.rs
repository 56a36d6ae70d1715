//! Reads a list batch by batch, each with the place behind it. Holds one chunk of the file and one batch; whoever waits
//! for calls meanwhile gets his turn after every piece.

use std::{future::poll_fn, task::Poll};

use touchline_domain::import::{Checkpoint, FileError, Importer, LeadRow, Rejected, RowOutcome};

use super::{BATCH_ROWS, run::Chunks};
use crate::ports::PortError;

/// Bytes that are read between two looks at what else there is to do: some hundred rows, a fraction of a millisecond.
const PIECE_BYTES: usize = 16 * 1024;

/// Rows that were read together.
#[derive(Default)]
pub(super) struct Batch {
    /// Those that make or fill a lead.
    #[expect(
        clippy::vec_box,
        reason = "they come in boxes, and moving them out would copy half a kilobyte a row"
    )]
    pub rows: Vec<Box<LeadRow>>,
    /// The others.
    pub rejects: Vec<Rejected>,
    /// The place behind the last of them; nothing while the start of the file is as good.
    pub place: Option<Checkpoint>,
}

impl Batch {
    fn take(&mut self, row: RowOutcome) {
        match row {
            RowOutcome::Lead(row) => self.rows.push(row),
            RowOutcome::Rejected(rejected) => self.rejects.push(rejected),
        }
    }

    fn len(&self) -> usize {
        self.rows.len() + self.rejects.len()
    }
}

/// A list that is being read.
pub(super) struct Source<B> {
    body: B,
    importer: Importer,
    chunk: Vec<u8>,
    /// How much of the chunk is read.
    at: usize,
    ended: bool,
}

impl<B: Chunks> Source<B> {
    pub fn new(body: B, importer: Importer) -> Self {
        Self {
            body,
            importer,
            chunk: Vec::new(),
            at: 0,
            ended: false,
        }
    }

    /// Whether the last row was handed out.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// The next batch: full, or the last one. An error of the file comes before its first row.
    pub async fn next(&mut self) -> Result<Result<Batch, FileError>, PortError> {
        let mut batch = Batch::default();
        while !self.ended && batch.len() < BATCH_ROWS {
            if self.at == self.chunk.len() {
                self.at = 0;
                self.chunk = match self.body.next().await? {
                    Some(chunk) => chunk,
                    None => {
                        self.ended = true;
                        Vec::new()
                    }
                };
            }
            let end = self.chunk.len().min(self.at + PIECE_BYTES);
            let read = if self.ended {
                self.importer.finish(&mut |row| batch.take(row))
            } else {
                let piece = &self.chunk[self.at..end];
                self.importer.push(piece, &mut |row| batch.take(row))
            };
            if let Err(error) = read {
                return Ok(Err(error));
            }
            self.at = end;
            breathe().await;
        }
        batch.place = self.importer.checkpoint();
        Ok(Ok(batch))
    }
}

/// Lets everything else get on that can.
async fn breathe() {
    let mut waited = false;
    poll_fn(|context| {
        if std::mem::replace(&mut waited, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
