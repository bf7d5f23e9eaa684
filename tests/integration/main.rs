//! Tests of the program from the outside, most of them data: a new case is a new file.

mod config;
mod faulty;
