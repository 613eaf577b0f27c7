//! inverter: to be written.
