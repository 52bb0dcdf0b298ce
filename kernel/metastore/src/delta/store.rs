//! Files of a Delta log on the local disk, made durable before anyone can see them.
//!
//! `object_store` never syncs: after a power cut, a commit that was reported could be an empty file.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::Path as FilePath;

use async_trait::async_trait;
use bytes::Bytes;
use deltalake_core::logstore::object_store::local::LocalFileSystem;
use deltalake_core::logstore::object_store::path::Path;
use deltalake_core::logstore::object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMode,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result, UploadPart,
};
use futures::stream::BoxStream;
use futures::{FutureExt as _, future};
use uuid::Uuid;

use crate::folder;

/// The local disk, with files that are durable and complete as soon as they have their name.
#[derive(Debug, Clone)]
pub(super) struct DurableStore(pub(super) LocalFileSystem);

impl std::fmt::Display for DurableStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Writes a file under another name, syncs it, gives it its name and syncs the folder.
fn put(path: &FilePath, payload: &PutPayload, mode: &PutMode) -> std::io::Result<()> {
    let parent = path.parent().ok_or(ErrorKind::InvalidInput)?;
    folder::create_all(parent)?;
    // The name that delta-rs gives to files that are not there yet: readers skip it, clean-ups know it.
    let staged = parent.join(format!("_commit_{}.json.tmp", Uuid::new_v4()));
    let named = write(&staged, payload).and_then(|()| match mode {
        PutMode::Create => fs::hard_link(&staged, path),
        _ => fs::rename(&staged, path),
    });
    if named.is_err() || *mode == PutMode::Create {
        let _ = fs::remove_file(&staged);
    }
    named?;
    // Whoever reads the folder sees the file by now, so that an error would be wrong about what happened.
    if let Err(error) = folder::sync(parent) {
        tracing::warn!(path = %path.display(), %error, "a commit may not survive a power cut");
    }
    Ok(())
}

fn write(path: &FilePath, payload: &PutPayload) -> std::io::Result<()> {
    let mut file = File::create_new(path)?;
    payload.iter().try_for_each(|part| file.write_all(part))?;
    file.sync_all()
}

fn failed(path: String, source: std::io::Error) -> Error {
    match source.kind() {
        ErrorKind::AlreadyExists => Error::AlreadyExists { path, source: source.into() },
        _ => Error::Generic { store: "LocalFileSystem", source: source.into() },
    }
}

#[async_trait]
impl ObjectStore for DurableStore {
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        let path = self.0.path_to_filesystem(location)?;
        let put = move || put(&path, &payload, &options.mode).map_err(|e| failed(path.display().to_string(), e));
        tokio::task::spawn_blocking(put).await??;
        Ok(PutResult { e_tag: None, version: None })
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        _options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        Ok(Box::new(Upload { store: self.clone(), location: location.clone(), parts: Vec::new() }))
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.0.get_opts(location, options).await
    }

    async fn get_ranges(&self, location: &Path, ranges: &[std::ops::Range<u64>]) -> Result<Vec<Bytes>> {
        self.0.get_ranges(location, ranges).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.0.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.0.list(prefix)
    }

    fn list_with_offset(&self, prefix: Option<&Path>, offset: &Path) -> BoxStream<'static, Result<ObjectMeta>> {
        self.0.list_with_offset(prefix, offset)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.0.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.0.copy_opts(from, to, options).await
    }
}

/// A file that comes in parts: a large checkpoint. It is kept until all of it is there, and then written like any other.
#[derive(Debug)]
struct Upload {
    store: DurableStore,
    location: Path,
    parts: Vec<PutPayload>,
}

#[async_trait]
impl MultipartUpload for Upload {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        self.parts.push(data);
        future::ready(Ok(())).boxed()
    }

    async fn complete(&mut self) -> Result<PutResult> {
        let whole = self.parts.drain(..).flatten().collect();
        self.store.put_opts(&self.location, whole, PutOptions::default()).await
    }

    async fn abort(&mut self) -> Result<()> {
        self.parts.clear();
        Ok(())
    }
}
