//! A VFS of SQLite that writes down what is done to a database's files, in order, and leaves the doing to the system's own.
//!
//! The file that the system's VFS opens gets a table of methods with three of them exchanged (<https://sqlite.org/vfs.html>).

#![expect(unsafe_code, reason = "SQLite takes a VFS as tables of C functions")]

use std::{
    ffi::{CStr, c_char, c_int, c_void},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::{Result, ensure};
use rusqlite::ffi::{
    self, SQLITE_OK, sqlite3_file, sqlite3_filename, sqlite3_int64, sqlite3_io_methods, sqlite3_vfs,
};

/// One of the files that make a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// The database itself.
    Main,
    /// The write-ahead log.
    Log,
}

/// Something that happened, in order.
#[derive(Debug, Clone)]
pub(super) enum Event {
    /// Bytes were handed to the system.
    Write {
        to: Which,
        at: usize,
        bytes: Vec<u8>,
    },
    /// A length was set.
    Cut { to: Which, length: usize },
    /// The system said that all before is on the disk.
    Sync(Which),
    /// The store answered for a step.
    Answered(u64),
}

type Events = Arc<Mutex<Vec<Event>>>;
/// Writes that the disk has room for.
type Room = Arc<AtomicU64>;

/// The default VFS of the process until it is dropped. What it opened must be closed before.
pub(super) struct Recorder {
    vfs: Box<RecordingVfs>,
}

/// A VFS, with what its functions need behind it: they are handed a pointer to the first field.
#[repr(C)]
struct RecordingVfs {
    table: sqlite3_vfs,
    system: *mut sqlite3_vfs,
    events: Events,
    room: Room,
}

/// A file's methods, with what they need behind them.
#[repr(C)]
struct Methods {
    table: sqlite3_io_methods,
    system: *const sqlite3_io_methods,
    which: Which,
    events: Events,
    room: Room,
}

impl Recorder {
    /// From now on everything is written down.
    pub(super) fn start() -> Result<Self> {
        // SAFETY: a null name asks for the default VFS, which lives as long as the process.
        let system = unsafe { ffi::sqlite3_vfs_find(std::ptr::null()) };
        ensure!(!system.is_null(), "SQLite has no VFS");
        // SAFETY: not null, and a table is plain data. Its functions get the tables that they are at home in.
        let mut table = unsafe { *system };
        table.zName = c"recorder".as_ptr();
        table.pNext = std::ptr::null_mut();
        table.xOpen = Some(open);
        let mut vfs = Box::new(RecordingVfs {
            table,
            system,
            events: Events::default(),
            room: Arc::new(AtomicU64::new(u64::MAX)),
        });
        // SAFETY: the box stays where it is until it is unregistered.
        let registered = unsafe { ffi::sqlite3_vfs_register(&raw mut vfs.table, 1) };
        ensure!(registered == SQLITE_OK, "SQLite takes no VFS");
        Ok(Self { vfs })
    }

    /// Writes down that the store answered.
    pub(super) fn answered(&self, step: u64) {
        lock(&self.vfs.events).push(Event::Answered(step));
    }

    /// After so many writes more the disk is full.
    pub(super) fn leave_room(&self, writes: u64) {
        self.vfs.room.store(writes, Ordering::SeqCst);
    }

    /// What happened so far.
    pub(super) fn events(&self) -> Vec<Event> {
        lock(&self.vfs.events).clone()
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        // SAFETY: registered by `start`; the system's VFS is the default again.
        unsafe { ffi::sqlite3_vfs_unregister(&raw mut self.vfs.table) };
    }
}

fn lock(events: &Events) -> MutexGuard<'_, Vec<Event>> {
    events.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Which of the files a name is of, or neither.
fn which(name: sqlite3_filename) -> Option<Which> {
    if name.is_null() {
        return None;
    }
    // SAFETY: SQLite's names end with a zero.
    let name = unsafe { CStr::from_ptr(name.cast::<c_char>()) }.to_bytes();
    if name.ends_with(b"-wal") {
        Some(Which::Log)
    } else if name.ends_with(b".db") {
        Some(Which::Main)
    } else {
        None
    }
}

unsafe extern "C" fn open(
    vfs: *mut sqlite3_vfs,
    name: sqlite3_filename,
    file: *mut sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: the table is the first field of a `RecordingVfs`.
    let vfs = unsafe { &*vfs.cast::<RecordingVfs>() };
    // SAFETY: the system's function gets its own table and what SQLite has handed over.
    let opened = unsafe {
        match (*vfs.system).xOpen {
            Some(open) => open(vfs.system, name, file, flags, out),
            None => return ffi::SQLITE_CANTOPEN,
        }
    };
    if let (SQLITE_OK, Some(which)) = (opened, which(name)) {
        // SAFETY: an opened file has methods.
        unsafe { listen(file, which, vfs) };
    }
    opened
}

/// Exchanges three of the methods.
unsafe fn listen(file: *mut sqlite3_file, which: Which, vfs: &RecordingVfs) {
    // SAFETY: the caller's.
    let system = unsafe { (*file).pMethods };
    // SAFETY: as above; the table is plain data.
    let mut table = unsafe { *system };
    table.xWrite = Some(write);
    table.xTruncate = Some(truncate);
    table.xSync = Some(sync);
    table.xClose = Some(close);
    let methods = Box::new(Methods {
        table,
        system,
        which,
        events: Arc::clone(&vfs.events),
        room: Arc::clone(&vfs.room),
    });
    // SAFETY: freed by `close`, the last call for a file.
    unsafe { (*file).pMethods = &raw const Box::leak(methods).table };
}

/// The methods of a file that `listen` has seen.
unsafe fn methods<'f>(file: *mut sqlite3_file) -> &'f Methods {
    // SAFETY: the table is the first field of a `Methods`.
    unsafe { &*(*file).pMethods.cast::<Methods>() }
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    bytes: *const c_void,
    length: c_int,
    at: sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite calls it for files that `listen` has seen, with so many bytes.
    unsafe {
        let methods = methods(file);
        if !takes_room(&methods.room) {
            return ffi::SQLITE_FULL;
        }
        let copied = std::slice::from_raw_parts(bytes.cast::<u8>(), length.unsigned_abs() as usize);
        lock(&methods.events).push(Event::Write {
            to: methods.which,
            at: usize::try_from(at).unwrap_or_default(),
            bytes: copied.to_vec(),
        });
        match (*methods.system).xWrite {
            Some(write) => write(file, bytes, length, at),
            None => ffi::SQLITE_IOERR,
        }
    }
}

/// Whether there is room for one more write, which takes it.
fn takes_room(room: &Room) -> bool {
    let less = |writes: u64| match writes {
        u64::MAX => Some(u64::MAX),
        _ => writes.checked_sub(1),
    };
    room.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less)
        .is_ok()
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, length: sqlite3_int64) -> c_int {
    // SAFETY: as for `write`.
    unsafe {
        let methods = methods(file);
        lock(&methods.events).push(Event::Cut {
            to: methods.which,
            length: usize::try_from(length).unwrap_or_default(),
        });
        match (*methods.system).xTruncate {
            Some(truncate) => truncate(file, length),
            None => ffi::SQLITE_IOERR,
        }
    }
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    // SAFETY: as for `write`.
    unsafe {
        let methods = methods(file);
        let done = match (*methods.system).xSync {
            Some(sync) => sync(file, flags),
            None => ffi::SQLITE_IOERR,
        };
        if done == SQLITE_OK {
            lock(&methods.events).push(Event::Sync(methods.which));
        }
        done
    }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    // SAFETY: as for `write`; nothing is called for the file afterwards.
    unsafe {
        let methods = Box::from_raw((*file).pMethods.cast_mut().cast::<Methods>());
        (*file).pMethods = methods.system;
        match (*methods.system).xClose {
            Some(close) => close(file),
            None => ffi::SQLITE_IOERR,
        }
    }
}
