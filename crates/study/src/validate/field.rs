//! Field cases: closed forms and other programs' solutions.
