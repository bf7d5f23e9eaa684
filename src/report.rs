//! What a run found, in the format that somebody asked for. One file a format.
