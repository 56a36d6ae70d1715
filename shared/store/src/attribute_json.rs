//! Values as DynamoDB has them in JSON (`{"S":"Ana"}`), written by serde straight into the buffer that is sent. The
//! mapping is that of `item.rs`, which the tests hold it to; what that maps and we never store is refused.

use std::{fmt, io::Write as _};

use serde::{Serialize, ser};

/// Why a value cannot be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotWritten {
    /// No record of ours has such a value.
    #[error("{0} is no attribute")]
    NoAttribute(&'static str),
    /// The value itself, or the text in it.
    #[error("{0}")]
    Said(String),
}

impl ser::Error for NotWritten {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Said(message.to_string())
    }
}

impl From<serde_json::Error> for NotWritten {
    fn from(error: serde_json::Error) -> Self {
        Self::Said(error.to_string())
    }
}

/// Writes `"name":{"S":"value"}` for each of these attributes, separated by commas.
pub(crate) fn write_texts(
    out: &mut Vec<u8>,
    attributes: &[(&str, &str)],
) -> Result<(), NotWritten> {
    for (at, (name, value)) in attributes.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write_name(out, name)?;
        write_text(out, value)?;
    }
    Ok(())
}

/// Writes `,"name":{..}` for each attribute of a record, to follow others.
pub(crate) fn write_more<T: Serialize>(out: &mut Vec<u8>, record: &T) -> Result<(), NotWritten> {
    record.serialize(Writer { out, bare: true })
}

fn write_name(out: &mut Vec<u8>, name: &str) -> Result<(), NotWritten> {
    serde_json::to_writer(&mut *out, name)?;
    out.push(b':');
    Ok(())
}

fn write_text(out: &mut Vec<u8>, value: &str) -> Result<(), NotWritten> {
    out.extend_from_slice(b"{\"S\":");
    serde_json::to_writer(&mut *out, value)?;
    out.push(b'}');
    Ok(())
}

fn write_number(out: &mut Vec<u8>, value: impl fmt::Display) -> Result<(), NotWritten> {
    let written = write!(out, "{{\"N\":\"{value}\"}}");
    written.map_err(|error| NotWritten::Said(error.to_string()))
}

/// Writes one value.
struct Writer<'a> {
    out: &'a mut Vec<u8>,
    /// The attributes of the record alone, without the map around them.
    bare: bool,
}

impl<'a> Writer<'a> {
    fn opened(self, open: &[u8], close: &'static [u8]) -> Parts<'a> {
        self.out.extend_from_slice(open);
        Parts {
            out: self.out,
            close,
            first: true,
        }
    }

    fn map(self) -> Parts<'a> {
        if self.bare {
            return Parts {
                out: self.out,
                close: b"",
                first: false,
            };
        }
        self.opened(b"{\"M\":{", b"}}")
    }

    /// `{"M":{"variant":`, what of the variant follows, and its end.
    fn variant(
        self,
        name: &str,
        open: &[u8],
        close: &'static [u8],
    ) -> Result<Parts<'a>, NotWritten> {
        self.out.extend_from_slice(b"{\"M\":{");
        write_name(self.out, name)?;
        Ok(self.opened(open, close))
    }
}

/// Writes the parts of a list or map.
struct Parts<'a> {
    out: &'a mut Vec<u8>,
    close: &'static [u8],
    first: bool,
}

impl Parts<'_> {
    fn comma(&mut self) {
        if !std::mem::take(&mut self.first) {
            self.out.push(b',');
        }
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotWritten> {
        let out = &mut *self.out;
        value.serialize(Writer { out, bare: false })
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotWritten> {
        self.comma();
        self.value(value)
    }

    fn named<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), NotWritten> {
        self.comma();
        write_name(self.out, name)?;
        self.value(value)
    }

    fn closed(self) {
        self.out.extend_from_slice(self.close);
    }
}

macro_rules! numbers {
    ($($method:ident: $kind:ty),*) => {
        $(fn $method(self, value: $kind) -> Result<(), NotWritten> {
            write_number(self.out, value)
        })*
    };
}

impl<'a> ser::Serializer for Writer<'a> {
    type Ok = ();
    type Error = NotWritten;
    type SerializeSeq = Parts<'a>;
    type SerializeTuple = Parts<'a>;
    type SerializeTupleStruct = Parts<'a>;
    type SerializeTupleVariant = Parts<'a>;
    type SerializeMap = Parts<'a>;
    type SerializeStruct = Parts<'a>;
    type SerializeStructVariant = Parts<'a>;

    numbers!(
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64
    );

    fn serialize_bool(self, value: bool) -> Result<(), NotWritten> {
        let text: &[u8] = if value {
            b"{\"BOOL\":true}"
        } else {
            b"{\"BOOL\":false}"
        };
        self.out.extend_from_slice(text);
        Ok(())
    }

    fn serialize_f32(self, _: f32) -> Result<(), NotWritten> {
        Err(NotWritten::NoAttribute("a fraction"))
    }

    fn serialize_f64(self, _: f64) -> Result<(), NotWritten> {
        Err(NotWritten::NoAttribute("a fraction"))
    }

    fn serialize_char(self, value: char) -> Result<(), NotWritten> {
        write_text(self.out, value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), NotWritten> {
        write_text(self.out, value)
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), NotWritten> {
        Err(NotWritten::NoAttribute("a row of bytes"))
    }

    fn serialize_none(self) -> Result<(), NotWritten> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), NotWritten> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), NotWritten> {
        self.out.extend_from_slice(b"{\"NULL\":true}");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), NotWritten> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), NotWritten> {
        write_text(self.out, variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), NotWritten> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), NotWritten> {
        let mut parts = self.variant(variant, b"", b"}}")?;
        parts.value(value)?;
        parts.closed();
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'a>, NotWritten> {
        Ok(self.opened(b"{\"L\":[", b"]}"))
    }

    fn serialize_tuple(self, len: usize) -> Result<Parts<'a>, NotWritten> {
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_struct(self, _: &'static str, len: usize) -> Result<Parts<'a>, NotWritten> {
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'a>, NotWritten> {
        self.variant(variant, b"{\"L\":[", b"]}}}")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'a>, NotWritten> {
        Ok(self.map())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Parts<'a>, NotWritten> {
        Ok(self.map())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'a>, NotWritten> {
        self.variant(variant, b"{\"M\":{", b"}}}}")
    }
}

macro_rules! elements {
    ($($of:ident: $method:ident),*) => {
        $(impl ser::$of for Parts<'_> {
            type Ok = ();
            type Error = NotWritten;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotWritten> {
                self.element(value)
            }

            fn end(self) -> Result<(), NotWritten> {
                self.closed();
                Ok(())
            }
        })*
    };
}

elements!(
    SerializeSeq: serialize_element,
    SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field,
    SerializeTupleVariant: serialize_field
);

macro_rules! fields {
    ($($of:ident),*) => {
        $(impl ser::$of for Parts<'_> {
            type Ok = ();
            type Error = NotWritten;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), NotWritten> {
                self.named(name, value)
            }

            fn end(self) -> Result<(), NotWritten> {
                self.closed();
                Ok(())
            }
        })*
    };
}

fields!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Parts<'_> {
    type Ok = ();
    type Error = NotWritten;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), NotWritten> {
        self.comma();
        let at = self.out.len();
        serde_json::to_writer(&mut *self.out, key)?;
        if self.out.get(at) != Some(&b'"') {
            return Err(NotWritten::NoAttribute("a name that is no text"));
        }
        self.out.push(b':');
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotWritten> {
        self.value(value)
    }

    fn end(self) -> Result<(), NotWritten> {
        self.closed();
        Ok(())
    }
}
