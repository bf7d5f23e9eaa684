//! Reads the files of a directory, each once.

use std::rc::Rc;
use std::sync::Arc;

use super::directory::{Directory, File, is_json, order, rank};
use super::parse::{self, Refused};
use super::scope::Program;
use super::syntax::{Body, Place};
use crate::source::Unread;
use crate::source::declared::TextOf;

impl Program<'_> {
    /// The module in a directory.
    pub(super) fn directory(&self, path: &str) -> Rc<Directory> {
        if let Some(known) = self.directories.borrow().get(path) {
            return Rc::clone(known);
        }
        let names = (self.files.list)(path);
        let mut directory = Directory { path: path.to_owned(), ..Directory::default() };
        for name in order(&names) {
            directory.is_there = true;
            let file = if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
            let overrides = rank(name).is_some_and(|(overrides, _)| overrides);
            match self.read(&file) {
                Some(body) => directory.add(&body, overrides),
                None => directory.incomplete = Some((self.files.shown)(&file)),
            }
        }
        let directory = Rc::new(directory);
        self.directories.borrow_mut().insert(path.to_owned(), Rc::clone(&directory));
        directory
    }

    /// Reads a file as a configuration.
    fn read(&self, path: &str) -> Option<Body> {
        let shown = (self.files.shown)(path);
        let Some(bytes) = (self.files.read)(path) else {
            self.add_text(path.to_owned(), shown.clone(), String::new());
            let message = "it could not be read: the permission is missing, it is too large, or it leads outside of \
                           the repository";
            return self.refuse(Unread::new(shown, message.to_owned()));
        };
        let Ok(text) = String::from_utf8(bytes) else {
            self.add_text(path.to_owned(), shown.clone(), String::new());
            let unread = Unread::new(shown, "this is not UTF-8 text".to_owned());
            return self.refuse(unread);
        };
        let file = self.add_text(path.to_owned(), shown.clone(), text.clone());
        let parsed = match is_json(path) {
            true => parse::json_body(file, &text, false),
            false => parse::body(file, &text),
        };
        match parsed {
            Ok(body) => Some(body),
            Err(Refused { message, at }) => {
                let help = "what the rest of the directory takes from this file is unknown; `terraform validate` says \
                            whether Terraform reads it";
                let message = format!("this is not read as a configuration: {message}");
                self.refuse(Unread {
                    at: Some(at),
                    help: Some(help.to_owned()),
                    ..Unread::new(shown, message)
                })
            }
        }
    }

    fn refuse(&self, unread: Unread) -> Option<Body> {
        if let Some(file) = self.texts.borrow_mut().last_mut() {
            file.refused = Some(unread);
        }
        None
    }

    /// Keeps a text, and gives its position.
    pub(super) fn add_text(&self, path: String, name: String, text: String) -> usize {
        let text =
            TextOf { name: name.into(), text: text.into(), secrets: Vec::new(), index: Arc::default() };
        self.budget.read(text.text.len());
        let mut texts = self.texts.borrow_mut();
        texts.push(File { path, text: Arc::new(text), refused: None });
        texts.len() - 1
    }

    /// Whether a place is in a file in JSON, where blocks are values.
    pub(super) fn is_in_json(&self, at: Place) -> bool {
        self.texts.borrow().get(at.file).is_some_and(|file| is_json(&file.path))
    }

    /// The text at a place.
    pub(super) fn text(&self, at: Place) -> String {
        let texts = self.texts.borrow();
        let text = texts.get(at.file).and_then(|file| file.text.text.get(at.start..at.end));
        text.unwrap_or_default().to_owned()
    }
}
