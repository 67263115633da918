//! Files: uploaded, attached, downloaded.

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::coerce::{cint, text};
use super::envelope::{Content, Reply};
use super::failure::Failure;
use super::methods::Args;
use super::permission::Right;
use super::respond::Call;
use super::site::{Cx, Doc, Site};

/// One part of a multipart body.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) filename: Option<String>,
    pub(super) content: Vec<u8>,
}

/// The parts of a multipart body; what is broken off is left out.
pub(super) fn multipart(body: &[u8], boundary: &str) -> Vec<Part> {
    let mark = format!("--{boundary}");
    let mut parts = Vec::new();
    let mut rest = match find(body, mark.as_bytes()) {
        Some(at) => body.get(at + mark.len()..).unwrap_or_default(),
        None => return parts,
    };
    let end = format!("\r\n{mark}");
    while let Some(after) = rest.strip_prefix(b"\r\n") {
        let Some(at) = find(after, end.as_bytes()) else {
            break;
        };
        let (part, more) = after.split_at(at);
        if let Some(head) = find(part, b"\r\n\r\n") {
            let content = part.get(head + 4..).unwrap_or_default().to_vec();
            let head = String::from_utf8_lossy(part.get(..head).unwrap_or_default());
            let attribute = |key: &str| attribute(&head, key);
            if let Some(name) = attribute("name") {
                parts.push(Part {
                    name,
                    filename: attribute("filename"),
                    content,
                });
            }
        }
        rest = more.get(end.len()..).unwrap_or_default();
    }
    parts
}

/// `key="value"` in the Content-Disposition of a part; `key*=UTF-8''…` wins.
fn attribute(head: &str, key: &str) -> Option<String> {
    let line = head
        .lines()
        .find(|line| line.to_ascii_lowercase().starts_with("content-disposition"))?;
    let extended = format!("; {key}*=UTF-8''");
    if let Some((_, value)) = line.split_once(&extended) {
        let value = value.split(';').next().unwrap_or_default();
        let decoded = percent_encoding::percent_decode_str(value).decode_utf8_lossy();
        return Some(decoded.into_owned());
    }
    let plain = format!("; {key}=");
    let (_, value) = line.split_once(&plain)?;
    match value.strip_prefix('"') {
        Some(quoted) => {
            let mut text = String::new();
            let mut chars = quoted.chars();
            while let Some(c) = chars.next() {
                match c {
                    '"' => break,
                    '\\' => text.extend(chars.next()),
                    other => text.push(other),
                }
            }
            // Browsers write a quote as %22.
            Some(text.replace("%22", "\""))
        }
        None => Some(
            value
                .split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_owned(),
        ),
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

/// Contents by URL, and the File documents that use each.
#[derive(Debug, Default)]
pub(super) struct Blobs(HashMap<String, Blob>);

#[derive(Debug)]
struct Blob {
    content: Arc<[u8]>,
    owners: Vec<String>,
}

impl Blobs {
    /// A File is gone, and with the last one its content.
    pub(super) fn forget(&mut self, url: &str, file: &str) {
        if let Some(blob) = self.0.get_mut(url) {
            blob.owners.retain(|owner| owner != file);
            if blob.owners.is_empty() {
                self.0.remove(url);
            }
        }
    }
}

/// What `upload_file` and `attach_file` know of a new file.
struct Upload {
    name: String,
    content: Option<Vec<u8>>,
    url: String,
    private: bool,
    folder: String,
    doctype: String,
    docname: String,
    fieldname: String,
}

/// Extensions that users without the desk may upload.
const FOR_ALL: [&str; 14] = [
    "png", "jpg", "jpeg", "gif", "webp", "pdf", "txt", "csv", "doc", "docx", "xls", "xlsx", "odt",
    "ods",
];

impl Site {
    pub(super) fn upload(
        &mut self,
        cx: &mut Cx,
        call: &Call<'_>,
        args: &Args<'_>,
    ) -> Result<Reply, Failure> {
        let part = call.parts.iter().find(|part| part.name == "file");
        let named = part.and_then(|part| part.filename.clone());
        let upload = Upload {
            name: named.unwrap_or_else(|| args.text("file_name")),
            content: part.map(|part| part.content.clone()),
            url: args.text("file_url"),
            private: args.is_true("is_private"),
            folder: args.text("folder"),
            doctype: args.text("doctype"),
            docname: args.text("docname"),
            fieldname: args.text("fieldname"),
        };
        let file = self.store_file(cx, upload)?;
        let schema = self.controller("File")?;
        Ok(Reply::message(self.wire(&schema, file, false)))
    }

    pub(super) fn attach(&mut self, cx: &mut Cx, args: &Args<'_>) -> Result<Value, Failure> {
        let data = args.text("filedata");
        let content = if args.is_true("decode_base64") {
            let wrong = |_| Failure::raised(500, "ValueError", "Incorrect padding");
            BASE64.decode(data.trim()).map_err(wrong)?
        } else {
            data.into_bytes()
        };
        let upload = Upload {
            name: args.text("filename"),
            content: Some(content),
            url: String::new(),
            private: args.is_true("is_private"),
            folder: args.text("folder"),
            doctype: args.text("doctype"),
            docname: args.text("docname"),
            fieldname: args.text("docfield"),
        };
        let file = self.store_file(cx, upload)?;
        let schema = self.controller("File")?;
        Ok(self.wire(&schema, file, false))
    }

    fn store_file(&mut self, cx: &mut Cx, upload: Upload) -> Result<Doc, Failure> {
        let extension = upload
            .name
            .rsplit_once('.')
            .map(|(_, ext)| ext.to_lowercase());
        let extension = extension.unwrap_or_default();
        if !self.users.is_system_user(&cx.user) && !FOR_ALL.contains(&extension.as_str()) {
            return Err(Failure::validation(
                "You can only upload JPG, PNG, GIF, PDF, TXT, CSV or Microsoft documents.",
            ));
        }
        if !upload.doctype.is_empty() && !upload.docname.is_empty() {
            // What is attached to need not be there.
            let parent = self.load(&upload.doctype, &upload.docname);
            self.check(cx, &upload.doctype, Right::Write, parent.as_ref())?;
        }
        let mut file = Doc::new();
        let hash = upload.content.as_deref().map(digest).unwrap_or_default();
        let size = upload.content.as_ref().map_or(0, Vec::len);
        let url = match &upload.content {
            None => upload.url.clone(),
            Some(_) => self.url_for(&upload, &hash),
        };
        if url.is_empty() {
            return Err(Failure::validation(
                "There is some problem with the file url: None",
            ));
        }
        let folder = match upload.folder.as_str() {
            "" => "Home",
            folder => folder,
        };
        for (key, value) in [
            ("file_name", json!(upload.name.trim_start_matches('/'))),
            ("is_private", json!(u8::from(upload.private))),
            ("file_type", json!(extension.to_uppercase())),
            ("file_size", json!(size)),
            ("file_url", json!(url)),
            ("folder", json!(folder)),
            ("content_hash", json!(hash)),
            ("attached_to_doctype", optional(&upload.doctype)),
            ("attached_to_name", optional(&upload.docname)),
            ("attached_to_field", optional(&upload.fieldname)),
        ] {
            file.insert(key.to_owned(), value);
        }
        // Files are made for those who may write to what they are attached to.
        let user = std::mem::replace(&mut cx.user, "Administrator".to_owned());
        let created = self.create(cx, "File", &file);
        cx.user = user;
        let mut file = created?;
        let name = text(&file, "name");
        let owner = json!(cx.user);
        file.insert("owner".to_owned(), owner.clone());
        self.db_set("File", &name, [("owner", owner)])?;
        if let Some(content) = upload.content {
            let blob = self.blobs.0.entry(url).or_insert_with(|| Blob {
                content: content.into(),
                owners: Vec::new(),
            });
            blob.owners.push(name);
        }
        Ok(file)
    }

    /// The same content has one URL; another content of the same name gets a longer name.
    fn url_for(&self, upload: &Upload, hash: &str) -> String {
        let root = if upload.private {
            "/private/files/"
        } else {
            "/files/"
        };
        let same = self
            .blobs
            .0
            .iter()
            .find(|(url, blob)| url.starts_with(root) && digest(&blob.content) == hash);
        if let Some((url, _)) = same {
            return url.clone();
        }
        let name = upload
            .name
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .replace(['?', '#'], "_");
        let url = format!("{root}{name}");
        if !self.blobs.0.contains_key(&url) {
            return url;
        }
        let tail: String = hash
            .chars()
            .rev()
            .take(6)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect();
        match name.rsplit_once('.') {
            Some((stem, extension)) => format!("{root}{stem}{tail}.{extension}"),
            None => format!("{root}{name}{tail}"),
        }
    }

    /// The content of a URL, if this user may see it.
    fn content(&self, cx: &Cx, url: &str) -> Option<Arc<[u8]>> {
        let blob = self.blobs.0.get(url)?;
        if url.starts_with("/files/") {
            return Some(blob.content.clone());
        }
        let visible = blob
            .owners
            .iter()
            .filter_map(|name| self.load("File", name))
            .any(|file| {
                let (doctype, name) = (
                    text(&file, "attached_to_doctype"),
                    text(&file, "attached_to_name"),
                );
                let parent = self.load(&doctype, &name);
                cx.user != "Guest"
                    && (text(&file, "owner") == cx.user
                        || self.users.is_manager(&cx.user)
                        || file.get("is_private").is_some_and(|p| cint(p) == 0)
                        || parent.is_some_and(|parent| {
                            self.may(cx, &doctype, Right::Read, Some(&parent))
                        }))
            });
        visible.then(|| blob.content.clone())
    }

    /// `GET /files/…` and `/private/files/…`.
    pub(super) fn serve_file(&self, cx: &Cx, path: &str) -> Result<Reply, Failure> {
        match self.content(cx, path) {
            Some(content) => Ok(Reply::raw(mime(path), content.to_vec())),
            None if path.starts_with("/private/") => Err(Failure::page(
                403,
                "You don't have permission to access this file",
            )),
            None => Err(Failure::page(
                404,
                "The page you are looking for is not here.",
            )),
        }
    }

    /// `/api/method/download_file`.
    pub(super) fn download(&self, cx: &Cx, args: &Args<'_>) -> Result<Reply, Failure> {
        let url = args.need("file_url")?;
        let content = self
            .content(cx, &url)
            .ok_or_else(|| Failure::bare(403, "PermissionError"))?;
        let name = url.rsplit('/').next().unwrap_or_default();
        let mut reply = Reply::raw(mime(&url), content.to_vec());
        if let Content::Raw { headers, .. } = &mut reply.content {
            // Bytes of UTF-8 where Latin-1 is meant, as the server has it.
            headers.push((
                "Content-Disposition",
                format!("attachment; filename=\"{name}\""),
            ));
        }
        Ok(reply)
    }
}

fn optional(text: &str) -> Value {
    if text.is_empty() {
        Value::Null
    } else {
        json!(text)
    }
}

fn digest(content: &[u8]) -> String {
    // Frappe has MD5 here; any digest of 32 digits serves.
    let hash = Sha256::digest(content);
    hash.iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn mime(path: &str) -> &'static str {
    let extension = path
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_lowercase());
    match extension.as_deref() {
        Some("pdf") => "application/pdf",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("gif") => "image/gif",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain; charset=utf-8",
        Some("csv") => "text/csv; charset=utf-8",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_body() {
        let body = "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"é %22a.txt\"\r\nContent-Type: text/plain\r\n\r\none\r\ntwo\r\n--B\r\nContent-Disposition: form-data; name=is_private\r\n\r\n1\r\n--B--\r\n";
        let parts = multipart(body.as_bytes(), "B");
        let [file, private] = parts.as_slice() else {
            panic!("{parts:?}");
        };
        assert_eq!(file.filename.as_deref(), Some("é \"a.txt"));
        assert_eq!(file.content, b"one\r\ntwo");
        assert_eq!(
            (private.name.as_str(), private.content.as_slice()),
            ("is_private", &b"1"[..])
        );
        assert!(multipart(b"--B\r\nno end", "B").is_empty());
        assert!(multipart(b"", "B").is_empty());
    }
}
