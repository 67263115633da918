//! Every fixed word of the pages, in both languages.

use crate::{Lang, format};

/// Declares the texts: each line gives a name, the French and the English. The three lists that
/// come of it (variants, French, English) cannot differ.
macro_rules! texts {
    ($($name:ident => $fr:literal, $en:literal;)+) => {
        /// A fixed text of the pages.
        ///
        /// One exhaustive match gives both languages: a text without one of them does not compile.
        ///
        /// # Examples
        ///
        /// ```
        /// use ui_kit::{Lang, Text};
        ///
        /// assert_eq!(Text::Restart.get(Lang::Fr), "Redémarrer");
        /// assert_eq!(Text::Restart.get(Lang::En), "Restart");
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Text {
            $(#[doc = concat!($fr, " = ", $en)] $name,)+
        }

        impl Text {
            /// Every text, in the order of the table.
            ///
            /// # Examples
            ///
            /// ```
            /// assert!(ui_kit::Text::ALL.len() > 100);
            /// ```
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Gives the text in one language.
            ///
            /// # Examples
            ///
            /// ```
            /// use ui_kit::{Lang, Text};
            ///
            /// assert_eq!(Text::Today.get(Lang::Fr), "Aujourd’hui");
            /// ```
            #[must_use]
            pub const fn get(self, lang: Lang) -> &'static str {
                let (fr, en) = match self {
                    $(Self::$name => ($fr, $en),)+
                };
                match lang {
                    Lang::Fr => fr,
                    Lang::En => en,
                }
            }
        }
    };
}

texts! {
    Today => "Aujourd’hui", "Today";
    Dispatch => "Répartition", "Dispatch";
    Customers => "Clients", "Customers";
    Messages => "Messages", "Messages";
    Network => "Réseau", "Network";
    Flows => "Flux", "Flows";
    Reports => "Rapports", "Reports";
    Team => "Équipe", "Team";
    Ocr => "OCR", "OCR";
    Settings => "Réglages", "Settings";
    Home => "Accueil", "Home";
    Invoices => "Factures", "Invoices";
    Account => "Compte", "Account";
    Sections => "Sections", "Sections";
    SkipToContent => "Aller au contenu", "Skip to content";
    SearchOrAct => "Chercher ou agir", "Search or act";
    SearchPlaceholder => "Nom, téléphone, adresse, no de série, action…", "Name, phone, address, serial number, action…";
    Search => "Chercher", "Search";
    Results => "Résultats", "Results";
    NoResult => "Aucun résultat", "No results";
    Keyboard => "Raccourcis clavier", "Keyboard shortcuts";
    KeyGo => "puis une lettre du menu\u{a0}: y aller", "then a letter of the menu: go there";
    KeySearch => "chercher", "search";
    KeyRows => "ligne suivante, précédente", "next, previous row";
    KeyHelp => "cette liste", "this list";
    Close => "Fermer", "Close";
    DarkTheme => "Thème sombre", "Dark theme";
    Live => "En direct", "Live";
    Refresh => "Rafraîchir", "Refresh";
    Notifications => "Avis", "Notifications";
    Job => "Tâche", "Job";
    Technician => "Technicien, technicienne", "Technician";
    Unassigned => "À assigner", "Unassigned";
    Assign => "Assigner", "Assign";
    Unassign => "Désassigner", "Unassign";
    Assigned => "Assignée", "Assigned";
    OnTheWay => "En route", "On the way";
    InProgress => "En cours", "In progress";
    Done => "Terminée", "Done";
    OnHold => "En attente", "On hold";
    Cancelled => "Annulée", "Cancelled";
    Late => "En retard", "Late";
    Publish => "Publier", "Publish";
    SuggestPlan => "Proposer un plan", "Suggest a plan";
    BestMatches => "Meilleurs choix", "Best matches";
    Excluded => "Exclus", "Excluded";
    TravelTime => "Temps de route", "Travel time";
    ScheduleConflict => "Conflit d’horaire", "Schedule conflict";
    TimeWindow => "Plage horaire", "Time window";
    Appointment => "Rendez-vous", "Appointment";
    Reschedule => "Modifier le rendez-vous", "Reschedule";
    TeamQueue => "File de l’équipe", "Team queue";
    Take => "Prendre", "Take";
    Directions => "Itinéraire", "Directions";
    Arrived => "Je suis arrivé", "I’ve arrived";
    CompleteJob => "Terminer la tâche", "Complete job";
    CustomerSignature => "Signature du client", "Customer signature";
    ScanLabel => "Numériser l’étiquette", "Scan label";
    SerialNumber => "Numéro de série", "Serial number";
    TakePhoto => "Prendre une photo", "Take a photo";
    CustomerRecord => "Fiche client", "Customer record";
    BalanceDue => "Solde dû", "Balance due";
    Invoice => "Facture", "Invoice";
    Paid => "Payée", "Paid";
    Unpaid => "Impayée", "Unpaid";
    Overdue => "En souffrance", "Overdue";
    DueDate => "Échéance", "Due date";
    PayNow => "Payer maintenant", "Pay now";
    PaymentMethod => "Mode de paiement", "Payment method";
    PreAuthorizedPayment => "Paiement préautorisé", "Pre-authorized payment";
    Refund => "Remboursement", "Refund";
    Gst => "TPS", "GST";
    Qst => "TVQ", "QST";
    MonthlyTotal => "Total par mois", "Monthly total";
    Plan => "Forfait", "Plan";
    Move => "Déménagement", "Move";
    ModemSwap => "Échange de modem", "Modem swap";
    ReadAndAccept => "J’ai lu et j’accepte", "I have read and accept";
    Sign => "Signer", "Sign";
    Quote => "Soumission", "Quote";
    ToReply => "À répondre", "To reply";
    Resolve => "Résoudre", "Resolve";
    Reopen => "Rouvrir", "Reopen";
    InternalNote => "Note interne", "Internal note";
    TeamOnly => "visible par l’équipe seulement", "visible to the team only";
    TextMessage => "Texto", "Text message";
    Sms => "SMS", "SMS";
    Email => "Courriel", "Email";
    Sent => "Envoyé", "Sent";
    Delivered => "Remis", "Delivered";
    Failed => "Échec", "Failed";
    OptedOut => "A refusé les textos", "Opted out of texts";
    SavedReply => "Réponse type", "Saved reply";
    Attachment => "Pièce jointe", "Attachment";
    Outage => "Panne", "Outage";
    OutageInArea => "Panne dans votre secteur", "Outage in your area";
    CutCable => "Câble coupé", "Cut cable";
    PowerFailure => "Panne de courant", "Power failure";
    ServiceRestored => "Service rétabli", "Service restored";
    PlannedWork => "Travaux prévus", "Planned work";
    NetworkStatus => "État du réseau", "Network status";
    Online => "En ligne", "Online";
    Offline => "Hors ligne", "Offline";
    Unknown => "Inconnu", "Unknown";
    Good => "Bon", "Good";
    Marginal => "À surveiller", "Marginal";
    Bad => "Mauvais", "Bad";
    OpticalSignal => "Signal optique", "Optical signal";
    Received => "Reçu", "Received";
    Transmitted => "Émis", "Sent";
    LastReading => "Dernière lecture", "Last reading";
    ReadAgain => "Relire", "Read again";
    Restart => "Redémarrer", "Restart";
    ConnectedDevices => "Appareils branchés", "Connected devices";
    Flow => "Flux", "Flow";
    Step => "Étape", "Step";
    Attempt => "Essai", "Attempt";
    TryAgain => "Réessayer", "Try again";
    Replay => "Rejouer", "Replay";
    FailedEvents => "Événements en échec", "Failed events";
    Ageing => "Comptes clients par âge", "Accounts receivable ageing";
    DownloadCsv => "Télécharger en CSV", "Download CSV";
    Cancel => "Annuler", "Cancel";
    Undo => "Annuler", "Undo";
    Optional => "facultatif", "optional";
    Continue => "Continuer", "Continue";
    SignIn => "Connexion", "Sign in";
    SignOut => "Déconnexion", "Sign out";
    SendMyLink => "Recevoir mon lien", "Send my link";
    LinkExpired => "Ce lien a expiré. Demandez-en un nouveau.", "This link has expired. Request a new one.";
    LinkUsed => "Ce lien a déjà servi.", "This link was already used.";
    EnterCode => "Entrez le code reçu par texto", "Enter the code we texted you";
    WrongCode => "Code inexact ou expiré", "Wrong or expired code";
    SendCodeAgain => "Renvoyer le code", "Send code again";
    ErrorSummary => "Il y a un problème", "There is a problem";
    ErrorPrefix => "Erreur", "Error";
    InvalidEmail => "Entrez une adresse courriel valide, comme nom@exemple.ca", "Enter a valid email address, like name@example.ca";
    Saved => "Enregistré.", "Saved.";
    PageChanged => "Cette page a changé depuis que vous l’avez ouverte.", "This page changed since you opened it.";
    OfflineRetrying => "Hors ligne. Nouvelle tentative…", "Offline. Retrying…";
    BackOnline => "Connexion rétablie", "Back online";
    SendFailed => "L’envoi a échoué. Vos données sont gardées.", "Could not send. Your entries are kept.";
    Unavailable => "Indisponible pour le moment", "Unavailable right now";
    PageNotFound => "Page introuvable", "Page not found";
    AccessDenied => "Accès refusé", "Access denied";
    ConfirmingPayment => "Nous confirmons votre paiement…", "We are confirming your payment…";
    PaymentDeclined => "Paiement refusé. Essayez une autre carte.", "Payment declined. Try another card.";
    NotServed => "Adresse non desservie pour l’instant", "Not served yet";
    NotifyMe => "Prévenez-moi", "Notify me";
    Newer => "Plus récents", "Newer";
    Older => "Plus anciens", "Older";
    Pages => "Pages", "Pages";
    Breadcrumbs => "Fil d’Ariane", "Breadcrumbs";
    Consequences => "Ce qui va se passer", "What will happen";
    RequestId => "Numéro de la requête", "Request id";
    DataTable => "Données en tableau", "Data as a table";
    Value => "Valeur", "Value";
    Time => "Heure", "Time";
    Source => "Source", "Source";
    Sources => "Sources", "Sources";
    NoReading => "aucune lecture", "no reading";
    Privacy => "Confidentialité", "Privacy";
    Optics => "Optique", "Optical";
    Internet => "Internet (WAN)", "Internet (WAN)";
    Wifi => "Wi-Fi", "Wi-Fi";
    LocalNetwork => "Réseau local", "Local network";
    Connected => "Connecté", "Connected";
    Disconnected => "Déconnecté", "Disconnected";
    Connecting => "En connexion", "Connecting";
    Temperature => "Température", "Temperature";
    Distance => "Distance", "Distance";
    Channel => "Canal", "Channel";
    Address => "Adresse", "Address";
    MacAddress => "Adresse MAC", "MAC address";
    IpAddress => "Adresse IP", "IP address";
    Uptime => "En marche depuis", "Up for";
    Model => "Modèle", "Model";
    Firmware => "Micrologiciel", "Firmware";
    Signal => "Signal", "Signal";
    Band => "Bande", "Band";
    Port => "Port", "Port";
    Name => "Nom", "Name";
    State => "État", "State";
    Confidence => "Confiance", "Confidence";
    Service => "Service", "Service";
    Connection => "Connexion", "Connection";
    NextAppointment => "Prochain rendez-vous", "Next appointment";
    Equipment => "Équipement", "Equipment";
    History => "Historique", "History";
    Active => "Actif", "Active";
    Suspended => "Suspendu", "Suspended";
    Number => "Numéro", "Number";
    Date => "Date", "Date";
    Amount => "Montant", "Amount";
    Phone => "Téléphone", "Phone";
    PartlyPaid => "Payée en partie", "Partly paid";
    CreditNote => "Note de crédit", "Credit note";
    FullDiagnosis => "Diagnostic complet", "Full diagnosis";
    NoDevice => "Aucun appareil avec ce numéro", "No device with this number";
}

/// A text with values in it.
///
/// # Examples
///
/// ```
/// use ui_kit::{Lang, Phrase};
///
/// let text = Phrase::NoResultsFor("roy").get(Lang::Fr);
/// assert_eq!(text, "Aucun résultat pour «\u{a0}roy\u{a0}»");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Phrase<'a> {
    /// A job was taken by somebody: their name.
    TakenBy(&'a str),
    /// A job was assigned to somebody: their name.
    AssignedTo(&'a str),
    /// What a blocked job waits for.
    BlockedBy(&'a str),
    /// A search found nothing: the words searched.
    NoResultsFor(&'a str),
    /// A search of customers found none: the words searched.
    NoCustomerFor(&'a str),
    /// A list is shown in part: how long the whole of it is.
    All(u64),
    /// Service is expected back: the time, already written.
    BackAround(&'a str),
    /// Too many requests: minutes to wait.
    RetryIn(u32),
    /// Text messages that will be sent: how many.
    TextsToSend(u32),
    /// A step of several: this one, and how many there are.
    StepOf(u32, u32),
    /// Something could not be read: its name with its article.
    CannotRead(&'a str),
    /// A value was read some time ago: the relative time, already written.
    ReadAgo(&'a str),
    /// Lines selected: how many.
    Selected(u32),
}

impl Phrase<'_> {
    /// Writes the text in one language.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Lang, Phrase};
    ///
    /// assert_eq!(Phrase::StepOf(4, 6).get(Lang::En), "Step 4 of 6");
    /// ```
    #[must_use]
    pub fn get(&self, lang: Lang) -> String {
        let number = |n: &u32| format::count(lang, i64::from(*n));
        let (fr, en) = match self {
            Self::TakenBy(who) => (
                format!("Déjà prise par {who}"),
                format!("Already taken by {who}"),
            ),
            Self::AssignedTo(who) => (
                format!("Tâche assignée à {who}."),
                format!("Job assigned to {who}."),
            ),
            Self::BlockedBy(what) => (
                format!("Bloquée (attend\u{a0}: {what})"),
                format!("Blocked (waiting for {what})"),
            ),
            Self::NoResultsFor(words) => (
                format!("Aucun résultat pour «\u{a0}{words}\u{a0}»"),
                format!("No results for “{words}”"),
            ),
            Self::NoCustomerFor(words) => (
                format!("Aucun client pour «\u{a0}{words}\u{a0}»"),
                format!("No customer for “{words}”"),
            ),
            Self::All(n) => {
                let n = format::count(lang, i64::try_from(*n).unwrap_or(i64::MAX));
                (format!("Toutes ({n})"), format!("All ({n})"))
            }
            Self::BackAround(hour) => (
                format!("Retour prévu vers {hour}"),
                format!("Expected back around {hour}"),
            ),
            Self::RetryIn(minutes) => (
                format!(
                    "Trop de demandes. Réessayez dans {}\u{a0}min.",
                    number(minutes)
                ),
                format!(
                    "Too many requests. Try again in {}\u{a0}min.",
                    number(minutes)
                ),
            ),
            Self::TextsToSend(1) => (
                "1 texto sera envoyé.".to_owned(),
                "1 text will be sent.".to_owned(),
            ),
            Self::TextsToSend(n) => (
                format!("{} textos seront envoyés.", number(n)),
                format!("{} texts will be sent.", number(n)),
            ),
            Self::StepOf(step, all) => (
                format!("Étape {} sur {}", number(step), number(all)),
                format!("Step {} of {}", number(step), number(all)),
            ),
            Self::CannotRead(what) => (
                format!("Impossible de lire {what}."),
                format!("Could not read {what}."),
            ),
            Self::ReadAgo(ago) => (format!("lu {ago}"), format!("read {ago}")),
            Self::Selected(n) => (
                format!(
                    "{} {}",
                    number(n),
                    if *n > 1 {
                        "sélectionnés"
                    } else {
                        "sélectionné"
                    }
                ),
                format!("{} selected", number(n)),
            ),
        };
        lang.pick(fr, en)
    }
}
