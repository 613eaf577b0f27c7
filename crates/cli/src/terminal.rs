//! Progress on stderr, and Ctrl-C.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use codrive_study::progress::Progress;

/// Draws progress lines; learns of Ctrl-C. A second Ctrl-C ends the program at once.
pub(crate) struct Terminal {
    quiet: bool,
    live: bool,
    stopped: Arc<AtomicBool>,
    stage: Mutex<Stage>,
}

struct Stage {
    name: String,
    steps: usize,
    done: usize,
    begun: Instant,
    drawn: Instant,
}

impl Terminal {
    pub(crate) fn new(quiet: bool) -> Self {
        let stopped = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stopped);
        // Without a handler Ctrl-C ends the program at once, which loses nothing either.
        let _ = ctrlc::set_handler(move || {
            if flag.swap(true, Ordering::SeqCst) {
                std::process::exit(130);
            }
            eprintln!("\nstopping; finished sections are kept (Ctrl-C again to stop at once)");
        });
        let now = Instant::now();
        let stage = Stage {
            name: String::new(),
            steps: 0,
            done: 0,
            begun: now,
            drawn: now,
        };
        Self {
            quiet,
            live: std::io::stderr().is_terminal(),
            stopped,
            stage: Mutex::new(stage),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn draw(&self, stage: &Stage) {
        let (end, start) = if self.live {
            ("", "\r\x1b[K")
        } else {
            ("\n", "")
        };
        let seconds = stage.begun.elapsed().as_secs_f64();
        let remaining = if stage.done > 0 && stage.done < stage.steps {
            #[allow(clippy::cast_precision_loss)]
            let left = seconds * (stage.steps - stage.done) as f64 / stage.done as f64;
            format!(", about {left:.0} s left")
        } else {
            String::new()
        };
        eprint!(
            "{start}{} {}/{} ({seconds:.1} s{remaining}){end}",
            stage.name, stage.done, stage.steps
        );
        let _ = std::io::stderr().flush();
    }

    /// Ends the line that is being drawn.
    pub(crate) fn finish(&self) {
        let stage = self.lock();
        if !self.quiet && self.live && !stage.name.is_empty() {
            eprintln!();
        }
    }
}

impl Progress for Terminal {
    fn stage(&self, name: &str, steps: usize) {
        self.finish();
        let now = Instant::now();
        let mut stage = self.lock();
        *stage = Stage {
            name: name.to_owned(),
            steps,
            done: 0,
            begun: now,
            drawn: now,
        };
        if !self.quiet {
            self.draw(&stage);
        }
    }

    fn done(&self, steps: usize) {
        let mut stage = self.lock();
        stage.done = (stage.done + steps).min(stage.steps);
        let due = Duration::from_millis(if self.live { 100 } else { 2000 });
        if !self.quiet && (stage.drawn.elapsed() > due || stage.done == stage.steps) {
            stage.drawn = Instant::now();
            self.draw(&stage);
        }
    }

    fn note(&self, text: &str) {
        if !self.quiet {
            let start = if self.live { "\r\x1b[K" } else { "" };
            eprintln!("{start}note: {text}");
        }
    }

    fn cancelled(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }
}
