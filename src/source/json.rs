//! Reads saved answers of the API.
