//! The template as data: JSON, in which `!Ref X` is `{"!Ref": "X"}`.

use std::{collections::BTreeMap, fs};

use serde_json::{Map, Value};
use serde_yaml_ng::Value as Yaml;

use crate::programs::root;

/// Resources by logical id.
pub type Resources = BTreeMap<String, Value>;

/// All of the template.
pub fn template() -> Value {
    let text = fs::read_to_string(root().join("template.yaml")).unwrap();
    plain(serde_yaml_ng::from_str(&text).unwrap())
}

/// The resources of one type; there has to be one.
pub fn resources(kind: &str) -> Resources {
    let all = template()["Resources"].as_object().unwrap().clone();
    let found: Resources = all.into_iter().filter(|(_, r)| r["Type"] == kind).collect();
    assert!(!found.is_empty(), "no {kind}");
    found
}

fn plain(yaml: Yaml) -> Value {
    match yaml {
        Yaml::Mapping(pairs) => {
            let pairs = pairs.into_iter();
            Value::Object(pairs.map(|(k, v)| (text(k), plain(v))).collect())
        }
        Yaml::Sequence(items) => items.into_iter().map(plain).collect(),
        Yaml::Tagged(tagged) => {
            let pair = (tagged.tag.to_string(), plain(tagged.value));
            Value::Object(Map::from_iter([pair]))
        }
        scalar => serde_json::to_value(scalar).unwrap(),
    }
}

fn text(key: Yaml) -> String {
    key.as_str().unwrap().to_owned()
}
