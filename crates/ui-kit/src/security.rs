//! Response headers of every HTML page.

/// What a page needs to be allowed beyond the strict default.
///
/// # Examples
///
/// ```
/// use ui_kit::{PageSecurity, security_headers};
///
/// let headers = security_headers(&PageSecurity::new().behind_tls(true));
/// assert!(headers.iter().any(|(name, value)| *name == "cache-control" && value == "no-store"));
/// assert!(headers.iter().any(|(name, _)| *name == "strict-transport-security"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct PageSecurity {
    payment_origin: Option<String>,
    tile_origin: Option<String>,
    token_page: bool,
    tls: bool,
}

impl Default for PageSecurity {
    fn default() -> Self {
        Self::new()
    }
}

impl PageSecurity {
    /// The policy of an ordinary page: everything from this origin, forms to this origin and to
    /// the payment page.
    ///
    /// # Examples
    ///
    /// ```
    /// let security = ui_kit::PageSecurity::new();
    /// assert_eq!(security, ui_kit::PageSecurity::default());
    /// ```
    pub fn new() -> Self {
        Self {
            payment_origin: Some("https://checkout.stripe.com".into()),
            tile_origin: None,
            token_page: false,
            tls: false,
        }
    }

    /// Sets the origin that a form may end on after a redirect, none to allow this one alone.
    ///
    /// `form-action` also governs the redirect that follows a POST, which is why the payment page
    /// must be listed. A value that is not an `https` origin is dropped.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{PageSecurity, security_headers};
    ///
    /// let csp = &security_headers(&PageSecurity::new().payment_origin(None))[0].1;
    /// assert!(csp.contains("form-action 'self';"));
    /// ```
    pub fn payment_origin(mut self, origin: Option<&str>) -> Self {
        self.payment_origin = origin.filter(|text| is_origin(text)).map(str::to_owned);
        self
    }

    /// Lets images come from a tile server, on a page with a map only.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{PageSecurity, security_headers};
    ///
    /// let page = PageSecurity::new().tile_origin("https://tiles.example.ca");
    /// assert!(security_headers(&page)[0].1.contains("img-src 'self' data: blob: https://tiles.example.ca;"));
    /// ```
    pub fn tile_origin(mut self, origin: &str) -> Self {
        self.tile_origin = is_origin(origin).then(|| origin.to_owned());
        self
    }

    /// Says that the address of the page carries a one-time token, which no `Referer` may repeat.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{PageSecurity, security_headers};
    ///
    /// let headers = security_headers(&PageSecurity::new().token_page(true));
    /// assert!(headers.contains(&("referrer-policy", "no-referrer".into())));
    /// ```
    pub fn token_page(mut self, yes: bool) -> Self {
        self.token_page = yes;
        self
    }

    /// Says that the site is reached over TLS, which adds HSTS for a year.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{PageSecurity, security_headers};
    ///
    /// let plain = security_headers(&PageSecurity::new());
    /// assert!(!plain.iter().any(|(name, _)| *name == "strict-transport-security"));
    /// ```
    pub fn behind_tls(mut self, yes: bool) -> Self {
        self.tls = yes;
        self
    }
}

/// Gives the headers of an HTML answer, in lower case, the content policy first.
///
/// # Examples
///
/// ```
/// use ui_kit::{PageSecurity, security_headers};
///
/// let headers = security_headers(&PageSecurity::new());
/// assert_eq!(headers[0].0, "content-security-policy");
/// assert!(headers[0].1.contains("script-src 'self';"));
/// ```
#[must_use]
pub fn security_headers(page: &PageSecurity) -> Vec<(&'static str, String)> {
    let with = |base: &str, extra: &Option<String>| match extra {
        Some(origin) => format!("{base} {origin}"),
        None => base.to_owned(),
    };
    let csp = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; {}; font-src 'self'; \
         connect-src 'self'; manifest-src 'self'; {}; frame-ancestors 'none'; base-uri 'none'; \
         require-trusted-types-for 'script'; trusted-types pages",
        with("img-src 'self' data: blob:", &page.tile_origin),
        with("form-action 'self'", &page.payment_origin),
    );
    let referrer = if page.token_page {
        "no-referrer"
    } else {
        "same-origin"
    };
    let mut headers = vec![
        ("content-security-policy", csp),
        ("x-content-type-options", "nosniff".to_owned()),
        ("referrer-policy", referrer.to_owned()),
        ("cross-origin-opener-policy", "same-origin".to_owned()),
        (
            "permissions-policy",
            "camera=(self), geolocation=(self), microphone=()".to_owned(),
        ),
        ("cache-control", "no-store".to_owned()),
    ];
    if page.tls {
        headers.push(("strict-transport-security", "max-age=31536000".to_owned()));
    }
    headers
}

/// An `https` origin and nothing that could end a directive or a header.
fn is_origin(text: &str) -> bool {
    text.strip_prefix("https://").is_some_and(|host| {
        !host.is_empty()
            && host
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || ".-:".contains(c))
    })
}
