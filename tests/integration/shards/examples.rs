//! The examples for machines that run shards.
