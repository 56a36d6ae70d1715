//! Lists of leads, from the bytes of a CSV file to normalised leads and coded rejections (HUB-1..HUB-7).
//! Bytes are pushed in chunks of any size and rows come out one by one; nothing here opens a file or holds one.

mod addresses;
mod cells;
mod countries;
pub mod dedupe;
pub mod dialect;
pub mod encoding;
pub mod entity;
pub mod field;
pub mod importer;
pub mod mapping;
mod names;
mod phone_blocks;
mod phones;
mod places;
mod read_row;
pub mod reader;
pub mod records;
pub mod report;
pub mod row;
pub mod sectors;
mod synonyms;
pub mod titles;
mod values;

pub use addresses::{LinkedInId, PhoneKind};
pub use dedupe::{Dedupe, Seen, merge};
pub use encoding::Encoding;
pub use entity::is_entity;
pub use field::Field;
pub use importer::{Checkpoint, FileError, Importer, RowOutcome};
pub use mapping::Mapping;
pub use places::Region;
pub use read_row::ImportDefaults;
pub use reader::{FileFormat, Position};
pub use report::{Explainer, Report, Rows};
pub use row::{LeadPhone, LeadRow, RejectCode, Rejected, Warning};
pub use sectors::Sector;
pub use titles::Role;
