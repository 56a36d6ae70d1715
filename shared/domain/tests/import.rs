//! Lists as people export them, from their first byte to the document of `explain csv`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use touchline_domain::{
    country::Country,
    import::{Explainer, FileError, ImportDefaults, Report, Rows},
};

const APOLLO: &[u8] = include_bytes!("fixtures/import/apollo.csv");
const LINKEDIN: &[u8] = include_bytes!("fixtures/import/linkedin_connections.csv");
const HUBSPOT: &[u8] = include_bytes!("fixtures/import/hubspot.csv");
const SALESFORCE: &[u8] = include_bytes!("fixtures/import/salesforce.csv");
const USBIZDATA: &[u8] = include_bytes!("fixtures/import/usbizdata.txt");

fn document(file: &[u8], region: Option<Country>) -> Value {
    let report = self::report(file, region, Rows::Listed).unwrap();
    assert_rows_add_up(&report);
    serde_json::to_value(report).unwrap()
}

fn report(file: &[u8], region: Option<Country>, listing: Rows) -> Result<Report, FileError> {
    let mut explainer = Explainer::new(ImportDefaults { region }, listing);
    explainer.push(file)?;
    explainer.finish()
}

fn assert_rows_add_up(report: &Report) {
    let rejected = u64::try_from(report.rejected.len()).unwrap();
    assert_eq!(report.rows, report.accepted + report.duplicates + rejected);
    let listed = report.leads.as_ref().map_or(0, Vec::len);
    assert_eq!(u64::try_from(listed).unwrap(), report.accepted);
}

/// The members of `document` that `wanted` names, so that a test states only what it is about.
fn assert_has(document: &Value, wanted: &Value) {
    for (name, value) in wanted.as_object().unwrap() {
        assert_eq!(&document[name], value, "{name} in {document}");
    }
}

fn counts(document: &Value) -> [u64; 4] {
    let count = |name: &str| document[name].as_u64().unwrap();
    let rejected = document["rejected"].as_array().unwrap().len();
    [
        count("rows"),
        count("accepted"),
        count("duplicates"),
        u64::try_from(rejected).unwrap(),
    ]
}

#[test]
fn an_apollo_export_with_semicolons_and_a_bom_maps_with_no_help_hub_2() {
    let found = document(APOLLO, Some(Country::AU));
    assert_has(
        &found,
        &json!({"encoding": "utf-8", "delimiter": ";", "header_row": 1}),
    );
    assert_has(
        &found["mapping"],
        &json!({
            "First Name": "first_name", "Last Name": "last_name", "Title": "title", "Company": "company",
            "Company Name for Emails": "company", "Email": "email", "Email Status": null, "Contact Owner": null,
            "Work Direct Phone": "phone", "Mobile Phone": "phone", "Corporate Phone": "phone",
            "# Employees": "employees", "Person Linkedin Url": "linkedin", "Company Linkedin Url": null,
            "Website": "website", "City": "city", "State": "state", "Country": "country",
            "Company Address": "street", "Company City": "city", "Facebook Url": null, "Keywords": null,
        }),
    );
    assert_eq!(counts(&found), [7, 4, 1, 2]);
    assert_eq!(
        found["rejected"],
        json!([
            {"row": 4, "code": "invalid_email", "value": "sam.lee@ferndale"},
            {"row": 6, "code": "no_contact", "value": "Mia, Tan, VP Sales, Harbour Freight Co, Australia"},
        ])
    );
    assert_eq!(
        found["leads"][0],
        json!({
            "row": 1, "first_name": "Priya", "last_name": "Raman", "full_name": "Priya Raman",
            "email": "priya.raman@brightkiln.example", "phone": "+61491570006", "linkedin": "priya-raman-kiln",
            "company": "Bright Kiln Pty Ltd", "title": "Co-Founder & Head of Product", "role_score": 100,
            "city": "Sydney", "state": "NSW", "postcode": null, "country": "AU", "sic": null, "entity": false,
        })
    );
    assert_has(
        &found["leads"][2],
        &json!({"full_name": "Zoë O'Brien", "email": null, "phone": "+61396701234", "city": "Melbourne", "state": "VIC"}),
    );
    assert_has(
        &found["leads"][3],
        &json!({"row": 7, "email": "noah@outbacksolar.example", "state": "WA", "country": "AU", "role_score": 90}),
    );
}

#[test]
fn colleagues_behind_one_switchboard_stay_two_leads_hub_4() {
    let found = document(APOLLO, Some(Country::AU));
    assert_has(
        &found["leads"][1],
        &json!({"row": 2, "email": "tom@brightkiln.example", "phone": "+61293744000", "role_score": 80}),
    );
}

#[test]
fn a_linkedin_export_in_utf_16_with_its_preamble_maps_with_no_help_hub_2() {
    let found = document(LINKEDIN, Some(Country::AU));
    assert_has(
        &found,
        &json!({"encoding": "utf-16le", "delimiter": ",", "header_row": 4}),
    );
    assert_eq!(
        found["mapping"],
        json!({
            "First Name": "first_name", "Last Name": "last_name", "URL": "linkedin", "Email Address": "email",
            "Company": "company", "Position": "title", "Connected On": null,
        })
    );
    assert_eq!(counts(&found), [6, 3, 1, 2]);
    assert_has(
        &found["leads"][0],
        &json!({"full_name": "Zoë Łukasik", "linkedin": "zoe-lukasik", "company": "Nord & Søn, ApS", "role_score": 75}),
    );
    assert_has(
        &found["leads"][1],
        &json!({"full_name": "Haruto 田中", "email": "haruto.tanaka@kumo.example", "role_score": 25}),
    );
    assert_has(&found["leads"][2], &json!({"row": 4, "role_score": 100}));
    assert_eq!(
        found["rejected"],
        json!([
            {"row": 3, "code": "no_contact", "value": "03 Feb 2021"},
            {"row": 6, "code": "invalid_linkedin", "value": "https://www.linkedin.com/company/horvat"},
        ])
    );
}

#[test]
fn a_hubspot_export_maps_with_no_help_and_keeps_quoted_newlines_hub_2() {
    let found = document(HUBSPOT, None);
    assert_has(
        &found,
        &json!({"encoding": "utf-8", "delimiter": ",", "header_row": 1}),
    );
    assert_has(
        &found["mapping"],
        &json!({
            "Record ID": null, "Phone Number": "phone", "Mobile Phone Number": "phone", "Contact owner": null,
            "Lead Status": null, "Associated Company": "company", "Job Title": "title", "Street Address": "street",
            "State/Region": "state", "Postal Code": "postcode", "Country/Region": "country",
            "LinkedIn URL": "linkedin", "Time Zone": "timezone", "Notes": null,
        }),
    );
    assert_eq!(counts(&found), [4, 3, 0, 1]);
    assert_has(
        &found["leads"][0],
        &json!({"phone": "+15125550142", "state": "TX", "postcode": "78701", "country": "US", "linkedin": "anadiaz"}),
    );
    assert_has(
        &found["leads"][1],
        &json!({"row": 2, "email": "marcus@webb.example", "phone": "+61491570156", "state": "NT", "postcode": "0800"}),
    );
    assert_has(
        &found["leads"][2],
        &json!({"row": 4, "state": "MA", "postcode": "02108", "country": "US", "role_score": 85}),
    );
    assert_eq!(found["rejected"][0]["code"], "no_contact");
}

#[test]
fn a_salesforce_export_in_windows_1252_maps_with_no_help_hub_2() {
    let found = document(SALESFORCE, None);
    assert_has(
        &found,
        &json!({"encoding": "windows-1252", "delimiter": ",", "header_row": 1}),
    );
    assert_has(
        &found["mapping"],
        &json!({
            "Salutation": null, "Account Name": "company", "Mailing Street": "street", "Mailing City": "city",
            "Mailing State/Province": "state", "Mailing Zip/Postal Code": "postcode", "Mailing Country": "country",
            "Phone": "phone", "Mobile": "phone", "Fax": null, "Account Owner": null, "Lead Source": null,
        }),
    );
    assert_eq!(counts(&found), [3, 3, 0, 0]);
    assert_has(
        &found["leads"][0],
        &json!({"full_name": "Renée Côté", "city": "Montréal", "state": "Québec", "country": "CA", "entity": false}),
    );
    assert_has(
        &found["leads"][1],
        &json!({
            "full_name": "John McDonald", "company": "McDonald’s Hardware", "phone": "+61491570157", "state": "WA",
            "role_score": 90,
        }),
    );
    assert_has(
        &found["leads"][2],
        &json!({"country": "NO", "postcode": "0150"}),
    );
}

#[test]
fn a_usbizdata_file_maps_with_no_help_and_its_entities_are_marked_hub_5() {
    for (delimiter, file) in [
        ("|", USBIZDATA.to_vec()),
        (
            "\t",
            String::from_utf8_lossy(USBIZDATA)
                .replace('|', "\t")
                .into_bytes(),
        ),
    ] {
        let found = document(&file, None);
        assert_has(&found, &json!({"delimiter": delimiter, "header_row": 1}));
        assert_has(
            &found["mapping"],
            &json!({
                "COMPANY NAME": "company", "CONTACT NAME": "full_name", "ADDRESS": "street", "ZIP": "postcode",
                "COUNTY": "county", "PHONE": "phone", "FAX": null, "WEB ADDRESS": "website", "SIC CODE": "sic",
                "EMPLOYEES": "employees", "OWNER": "full_name",
            }),
        );
        assert_eq!(counts(&found), [6, 3, 1, 2]);
        assert_has(
            &found["leads"][0],
            &json!({
                "first_name": "Maria", "last_name": "Delgado", "phone": "+19155550101", "state": "TX", "sic": "1711",
                "country": "US", "company": "ACE PLUMBING LLC", "entity": false,
            }),
        );
        assert_has(
            &found["leads"][1],
            &json!({"full_name": "Oak Street Holdings LLC", "first_name": null, "entity": true, "postcode": "02134"}),
        );
        assert_has(&found["leads"][2], &json!({"entity": true, "sic": "0191"}));
        assert_has(
            &found["rejected"][1],
            &json!({"row": 5, "code": "invalid_phone", "value": "123"}),
        );
    }
}

#[test]
fn ragged_rows_blank_rows_and_a_repeated_header_are_all_accounted_for_hub_3() {
    let file =
        "Email,First Name\na@b.example\n\n,,\nc@d.example,Cy,surplus,\nEmail,First Name\n,Di\n";
    let found = document(file.as_bytes(), None);
    assert_eq!(counts(&found), [4, 2, 0, 2]);
    assert_eq!(
        found["rejected"],
        json!([
            {"row": 3, "code": "repeated_header", "value": "Email, First Name"},
            {"row": 4, "code": "no_contact", "value": "Di"},
        ])
    );
}

#[test]
fn an_unclosed_quote_costs_its_own_line_and_no_other_hub_3() {
    let file = "Email,Company\na@b.example,\"Acme\nc@d.example,\"Foo\"\ne@f.example,Bar\ng@h.example,\"Last";
    let found = document(file.as_bytes(), None);
    assert_eq!(counts(&found), [4, 2, 0, 2]);
    assert_eq!(
        found["rejected"],
        json!([
            {"row": 1, "code": "unclosed_quote", "value": "a@b.example,\"Acme"},
            {"row": 4, "code": "unclosed_quote", "value": "g@h.example,\"Last"},
        ])
    );
}

#[test]
fn a_record_beyond_the_limit_is_rejected_and_the_next_one_read_hub_3() {
    let file = format!("Email\n{}\na@b.example\n", "x".repeat(3 << 20));
    let found = document(file.as_bytes(), None);
    assert_eq!(counts(&found), [2, 1, 0, 1]);
    assert_eq!(found["rejected"][0]["code"], "record_too_large");
    assert_eq!(found["leads"][0]["row"], 2);
}

#[test]
fn what_is_no_text_file_is_refused_with_a_code() {
    let refused = |file: &[u8]| report(file, None, Rows::Counted).unwrap_err();
    assert_eq!(refused(b"PK\x03\x04 workbook"), FileError::NotText);
    assert_eq!(refused(b""), FileError::Empty);
    assert_eq!(refused(b"\xEF\xBB\xBF\r\n\r\n"), FileError::Empty);
}

#[test]
fn bytes_of_windows_1252_after_the_sample_are_still_read_hub_2() {
    let mut file = b"Email,Name\n".to_vec();
    for row in 0..4000 {
        file.extend_from_slice(format!("p{row}@b.example,Plain Name\n").as_bytes());
    }
    file.extend_from_slice(b"zoe@b.example,Zo\xEB Lund\n");
    let found = document(&file, None);
    assert_eq!(found["encoding"], "windows-1252");
    assert_eq!(found["leads"][4000]["full_name"], "Zoë Lund");
}
