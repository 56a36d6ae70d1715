//! Which upload an object is: `team_{tenant}/imports/{upload}/....csv` (HUB-1, TEN-2). Anything else is not for us; the
//! rejects that we write lie beside the upload under a name that starts no import.

use touchline_domain::ids::{TenantId, UploadId};

/// An uploaded list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Whose.
    pub tenant: TenantId,
    /// Which.
    pub id: UploadId,
    /// The object's key, decoded.
    pub key: String,
}

/// Reads an object key as S3 events write it, with `+` for a space and `%XX` escapes.
#[must_use]
pub fn upload_of(encoded_key: &str) -> Option<Upload> {
    let key = decoded(encoded_key)?;
    let rest = key.strip_prefix("team_")?;
    let (tenant, rest) = rest.split_once('/')?;
    let rest = rest.strip_prefix("imports/")?;
    let (id, file) = rest.split_once('/')?;
    if file.is_empty() || !file.to_lowercase().ends_with(".csv") || file.contains('/') {
        return None;
    }
    Some(Upload {
        tenant: tenant.parse().ok()?,
        id: id.parse().ok()?,
        key: key.clone(),
    })
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hub_1_an_upload_is_known_by_its_key() {
        let upload = upload_of("team_acme/imports/spring-1/Leads+%28final%29.csv").unwrap();
        assert_eq!(
            (upload.tenant.as_str(), upload.id.as_str()),
            ("acme", "spring-1")
        );
        assert_eq!(upload.key, "team_acme/imports/spring-1/Leads (final).csv");
    }

    #[test]
    fn other_objects_start_no_import() {
        for key in [
            "team_acme/imports/leads.csv",
            "team_acme/webhooks/twilio/x.json",
            "team_acme/rejects/spring-1/rejects.csv",
            "team_ACME/imports/u1/leads.csv",
            "imports/u1/leads.csv",
            "team_acme/imports/u1/a/b.csv",
            "team_acme/imports/u1/%zz.csv",
        ] {
            assert_eq!(upload_of(key), None, "{key}");
        }
    }
}
