//! Puts what is attached to a pool into its sections.

use std::sync::Arc;

use super::pool::{Assembly, Attached};
use super::template::Resource;
use super::term::Meaning;
use super::translate::{Translator, Way, step};
use crate::pool::{Lifecycle, Section};
use crate::source::declared::{self, Mapping};
use crate::source::text::Walk;
use crate::value::Value;

impl Assembly<'_> {
    /// Puts a resource where it belongs, if it is made and is the pool's. Of a pool that the template does not declare
    /// it is sure to be.
    pub(super) fn attach(&mut self, pool: Option<&Resource>, (resource, mapping, link): &Attached<'_>) {
        let link = self.scene.term(link);
        let sections = self.sections(resource, mapping);
        self.hold(&sections);
        let made = match resource.condition().map(|name| (name, self.scene.settled.get(name))) {
            Some((_, Some(made))) => *made,
            Some((name, None)) => {
                let why = match self.scene.template.condition(name) {
                    Some(_) => "whose outcome is not known",
                    None => "which the template does not have",
                };
                let why = format!("`{}` depends on condition `{name}`, {why}", resource.id);
                return self.leave_open(resource, mapping, &sections, &why);
            }
            None => true,
        };
        match link.what {
            _ if !made => {}
            Meaning::Unknown(why) if pool.is_some() => {
                let why = format!("the pool of `{}` is not known: {why}", resource.id);
                self.leave_open(resource, mapping, &sections, &why);
            }
            _ if pool.is_some_and(|pool| !link.resources().contains(&pool.id)) => {}
            _ => self.put(resource, mapping, sections[0]),
        }
    }

    /// The sections that a resource has a part in; a risk configuration is that of the pool or of a client.
    fn sections(&self, resource: &Resource, mapping: &Mapping) -> Vec<Section> {
        match mapping.section {
            Section::RiskConfiguration => {
                let client = resource.properties().and_then(|properties| properties.get("ClientId"));
                let client = client.map(|client| self.scene.term(client).what);
                match client {
                    Some(Meaning::Scalar(scalar)) if &*scalar.text == "ALL" => {
                        vec![Section::RiskConfiguration]
                    }
                    Some(Meaning::Later { of, .. }) if !of.is_empty() => vec![Section::ClientRisk],
                    _ => vec![Section::RiskConfiguration, Section::ClientRisk],
                }
            }
            section => vec![section],
        }
    }

    fn hold(&mut self, sections: &[Section]) {
        for section in sections {
            if !self.pool.held.contains(section) {
                self.pool.held.push(*section);
            }
        }
    }

    fn unread(&mut self, sections: &[Section], why: &str) {
        self.pool.unread.extend(sections.iter().map(|section| (*section, why.into())));
    }

    /// Puts a resource into its section.
    fn put(&mut self, resource: &Resource, mapping: &'static Mapping, section: Section) {
        match mapping.section {
            Section::WebAcl => return self.put_web_acl(resource, mapping),
            Section::RiskConfiguration => return self.put_risk(resource, mapping),
            _ => {}
        }
        let member = section.member();
        let list = mapping.is_element;
        let mut way = vec![step(member)];
        if list {
            let index = self.pool.document.get(member).and_then(Value::as_list).map_or(0, <[Value]>::len);
            way.push(Walk::Index(index));
        }
        let value = self.translated(resource, mapping, way);
        if !list {
            return self.pool.document.set(member.into(), value);
        }
        self.push(resource, section, value);
    }

    /// Takes down a resource that may be the pool's or not. Of a list it is an element, so that those that are known
    /// do not stand for all.
    fn leave_open(&mut self, resource: &Resource, mapping: &Mapping, sections: &[Section], why: &str) {
        match sections {
            [section] if mapping.is_element => {
                self.push(resource, *section, Value::Unknown(why.into()));
            }
            _ => self.unread(sections, why),
        }
    }

    /// Adds an element to a section that is a list.
    fn push(&mut self, resource: &Resource, section: Section, value: Value) {
        let member = section.member();
        match self.pool.document.0.iter_mut().find(|(name, _)| name == member) {
            Some((_, Value::List(items))) => items.push(value),
            _ => self.pool.document.set(member.into(), Value::List(vec![value])),
        }
        match self.pool.elements.iter_mut().find(|(of, _)| *of == section) {
            Some((_, addresses)) => addresses.push(Arc::clone(&resource.id)),
            None => self.pool.elements.push((section, vec![Arc::clone(&resource.id)])),
        }
    }

    fn translated(&mut self, resource: &Resource, mapping: &'static Mapping, mut way: Way) -> Value {
        self.resource(resource, mapping, way.clone());
        let mut properties = self.properties(resource);
        let secret = properties.take("GenerateSecret").filter(|_| mapping.section == Section::Clients);
        if mapping.section == Section::RiskConfiguration {
            // Of the pool's own there is none, and a client's has none before the deployment.
            properties.take("ClientId");
        }
        let depth = way.len();
        let mut translator = Translator { mapping, places: self.places, remarks: self.remarks, depth };
        let mut map = translator.properties(properties, &mut way);
        declared::fill(&mut map, mapping.at, Lifecycle::Created);
        if let Some(secret) = secret {
            way.push(step("ClientSecret"));
            self.places.values.entry(way).or_insert(secret.at.clone());
            let text = secret.what.as_text().map(|text| text.to_ascii_lowercase());
            let value = match (text.as_deref(), secret.what) {
                (Some("true"), _) => Some(Value::Secret),
                (Some("false"), _) | (_, Meaning::Absent) => None,
                (_, Meaning::Later { why, .. } | Meaning::Unknown(why)) => Some(Value::Unknown(why)),
                _ => Some(Value::Unknown("`GenerateSecret` is neither true nor false".into())),
            };
            if let Some(value) = value {
                map.set("ClientSecret".into(), value);
            }
        }
        Value::Map(map)
    }

    /// The risk configuration of the pool, or of one of its clients.
    fn put_risk(&mut self, resource: &Resource, mapping: &'static Mapping) {
        let client = resource.properties().and_then(|properties| properties.get("ClientId"));
        let client = client.map(|client| self.scene.term(client).what);
        let way = match &client {
            Some(Meaning::Scalar(scalar)) if &*scalar.text == "ALL" => vec![step("RiskConfiguration")],
            Some(Meaning::Later { of, .. }) => {
                let clients = self.pool.elements.iter().find(|(section, _)| *section == Section::Clients);
                let index = clients.and_then(|(_, ids)| ids.iter().position(|id| of.contains(id)));
                match index {
                    Some(index) => vec![step("Clients"), Walk::Index(index), step("RiskConfiguration")],
                    None => Way::new(),
                }
            }
            _ => Way::new(),
        };
        if way.is_empty() {
            let sections = [Section::RiskConfiguration, Section::ClientRisk];
            return self.unread(&sections, &format!("which client `{}` is for is not known", resource.id));
        }
        let value = self.translated(resource, mapping, way.clone());
        let document = &mut self.pool.document;
        match way.as_slice() {
            [_, Walk::Index(index), ..] => {
                let clients = document.0.iter_mut().find(|(name, _)| name == "Clients");
                if let Some((_, Value::List(clients))) = clients
                    && let Some(Value::Map(client)) = clients.get_mut(*index)
                {
                    client.set("RiskConfiguration".into(), value);
                }
            }
            _ => document.set("RiskConfiguration".into(), value),
        }
    }

    fn put_web_acl(&mut self, resource: &Resource, mapping: &'static Mapping) {
        let way = vec![step("WebACL")];
        self.resource(resource, mapping, way.clone());
        let arn = self.properties(resource).take("WebACLArn");
        let value = match arn.map(|arn| arn.what) {
            Some(Meaning::Later { why, .. }) => Value::Later(why),
            Some(Meaning::Unknown(why)) => Value::Unknown(why),
            other => match other.and_then(|arn| arn.as_text()) {
                Some(text) => Value::String(text.to_string().into()),
                None => return,
            },
        };
        self.pool.document.set("WebACL".into(), Value::Map(declared::web_acl(&value)));
    }
}
