//! The register's SOAP messages. The answer is an untyped document whose letter case is not documented, so names
//! are compared without case, and a result counts only if it is exactly Y, N or I.

use roxmltree::{Document, Node};

use super::{WashStatus, national::plain};

const NAMESPACE: &str = "http://rtw.dncrtelem";

/// What is asked of the register.
pub(super) enum Operation<'a> {
    /// Wash these numbers.
    WashNumbers {
        reference: &'a str,
        numbers: &'a [&'a str],
    },
    /// What came of an earlier wash?
    GetWashResult { reference: &'a str },
}

/// The register's answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reply {
    /// System code; 0 is success.
    pub code: u16,
    /// Number and result; `None` for a result that is not one of the three.
    pub numbers: Vec<(String, Option<WashStatus>)>,
}

/// The request document.
pub(super) fn envelope(
    operation: &Operation<'_>,
    telemarketer_id: &str,
    wash_only_user_id: &str,
    password: &str,
) -> String {
    let (name, reference, numbers) = match operation {
        Operation::WashNumbers { reference, numbers } => ("WashNumbers", reference, array(numbers)),
        Operation::GetWashResult { reference } => ("GetWashResult", reference, String::new()),
    };
    let parts: String = [
        ("TelemarketerId", telemarketer_id),
        ("WashOnlyUserId", wash_only_user_id),
        ("TelemarketerPassword", password),
        ("ClientReferenceId", reference),
    ]
    .into_iter()
    .map(|(name, value)| element(name, value))
    .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
         <soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         xmlns:soapenc=\"http://schemas.xmlsoap.org/soap/encoding/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:rtw=\"{NAMESPACE}\">\
         <soapenv:Body><rtw:{name} \
         soapenv:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\">\
         {parts}{numbers}</rtw:{name}></soapenv:Body></soapenv:Envelope>"
    )
}

fn array(numbers: &[&str]) -> String {
    let items: String = numbers
        .iter()
        .map(|number| element("Number", number))
        .collect();
    format!(
        "<NumbersToWash xsi:type=\"rtw:ArrayOf_xsd_anyType\" \
         soapenc:arrayType=\"xsd:anyType[{}]\">{items}</NumbersToWash>",
        numbers.len()
    )
}

fn element(name: &str, value: &str) -> String {
    format!(
        "<{name} xsi:type=\"xsd:string\">{}</{name}>",
        escaped(value)
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Reads the answer, or says why it cannot be read.
pub(super) fn read(body: &[u8]) -> Result<Reply, String> {
    let text = std::str::from_utf8(body).map_err(|_| "not UTF-8".to_owned())?;
    let outer = Document::parse(text).map_err(|error| error.to_string())?;
    if let Some(fault) = find(outer.root(), "faultstring") {
        return Err(format!(
            "fault: {}",
            fault.text().unwrap_or_default().trim()
        ));
    }
    // Servers of this kind deliver an untyped document either in place or as escaped text.
    let inner = outer
        .descendants()
        .filter_map(|node| node.text())
        .find(|text| text.trim_start().starts_with('<'));
    match inner {
        Some(inner) => {
            let inner = Document::parse(inner.trim()).map_err(|error| error.to_string())?;
            reply(inner.root())
        }
        None => reply(outer.root()),
    }
}

fn reply(root: Node<'_, '_>) -> Result<Reply, String> {
    let numbers: Vec<_> = root
        .descendants()
        .filter(|node| is(*node, "Number"))
        .map(|node| {
            let number = plain(node.text().unwrap_or_default());
            (number, attribute(node, "Result").and_then(status))
        })
        .collect();
    let code = system_code(root).or(if numbers.is_empty() { None } else { Some("0") });
    let code = code.ok_or("neither numbers nor a system code")?;
    let code = code
        .trim()
        .parse()
        .map_err(|_| format!("system code '{code}'"))?;
    Ok(Reply { code, numbers })
}

/// The code of the whole answer; that of a single number is an attribute of `Number` and does not count here.
fn system_code<'a>(root: Node<'a, '_>) -> Option<&'a str> {
    const NAMES: [&str; 4] = ["ErrorCode", "SystemCode", "ReturnCode", "ResponseCode"];
    let element = NAMES.iter().find_map(|name| find(root, name)?.text());
    element.or_else(|| {
        root.descendants()
            .filter(|node| node.is_element() && !is(*node, "Number"))
            .find_map(|node| NAMES.iter().find_map(|name| attribute(node, name)))
    })
}

fn status(result: &str) -> Option<WashStatus> {
    match result.trim() {
        "Y" | "y" => Some(WashStatus::Listed),
        "N" | "n" => Some(WashStatus::Clear),
        "I" | "i" => Some(WashStatus::Invalid),
        _ => None,
    }
}

fn find<'a, 'i>(root: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    root.descendants().find(|node| is(*node, name))
}

fn is(node: Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name().eq_ignore_ascii_case(name)
}

fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attributes()
        .find(|attribute| attribute.name().eq_ignore_ascii_case(name))
        .map(|attribute| attribute.value())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "<WashNumbersReturn><ErrorCode>0</ErrorCode><NumbersSubmitted>\
        <Number Result=\"Y\" ErrorCode=\"0\">0411111111</Number>\
        <Number Result=\"N\" ErrorCode=\"0\">0422222222</Number>\
        <Number Result=\"I\" ErrorCode=\"1\">0400</Number>\
        <Number Result=\"?\" ErrorCode=\"9\">0433333333</Number>\
        </NumbersSubmitted></WashNumbersReturn>";

    fn enveloped(inner: &str) -> String {
        format!(
            "<e:Envelope xmlns:e=\"x\"><e:Body><n:WashNumbersResponse xmlns:n=\"y\">{inner}\
             </n:WashNumbersResponse></e:Body></e:Envelope>"
        )
    }

    #[test]
    fn results_are_read_in_place_escaped_and_in_lower_case() {
        let place = read(enveloped(BODY).as_bytes()).unwrap();
        assert_eq!(place.code, 0);
        let statuses: Vec<_> = place.numbers.iter().map(|(_, status)| *status).collect();
        let expected = [
            Some(WashStatus::Listed),
            Some(WashStatus::Clear),
            Some(WashStatus::Invalid),
            None,
        ];
        assert_eq!(statuses, expected);
        let text = format!("<WashNumbersReturn>{}</WashNumbersReturn>", escaped(BODY));
        assert_eq!(read(enveloped(&text).as_bytes()).unwrap(), place);
        let lower = BODY.replace("Number", "number").replace("Result", "result");
        assert_eq!(read(enveloped(&lower).as_bytes()).unwrap(), place);
    }

    #[test]
    fn a_fault_an_empty_answer_and_a_document_type_are_unreadable_dnc_3() {
        let fault = "<faultstring>no</faultstring>";
        assert!(
            read(enveloped(fault).as_bytes())
                .unwrap_err()
                .contains("no")
        );
        assert!(read(enveloped("").as_bytes()).is_err());
        assert!(read(b"<html>login</html").is_err());
        assert!(read(b"<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>").is_err());
    }

    #[test]
    fn a_password_cannot_break_out_of_its_element() {
        let operation = Operation::GetWashResult { reference: "r1" };
        let text = envelope(&operation, "1", "", "a<b>&\"c");
        let document = Document::parse(&text).unwrap();
        let password = find(document.root(), "TelemarketerPassword").unwrap();
        assert_eq!(password.text(), Some("a<b>&\"c"));
    }
}
