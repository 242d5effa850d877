# Words of the interface in English. The same names stand in ru.ftl; a test compares them.

product-name = Unified Client
window-title = { $screen } — Unified Client
about-independent = An independent open project. Not the official Gosuslugi app
skip-link = Skip to content
loading-label = Loading
retry-button = Try again
search-clear = Clear the search field
dialog-keep = Not now

# Navigation
nav-label = Sections
nav-home = Home
nav-catalogue = Services
nav-requests = Applications
nav-inbox = Messages
nav-settings = Settings
lock-button = Lock
lock-soon = Nobody is using the app. It will lock itself in less than a minute.
lock-soon-stay = I am here

# Language
language-label = Language
language-ru = Русский
language-en = English

# Welcome and sign-in
welcome-title = Welcome
welcome-claim = All public services in one app
welcome-lead = Sign in to apply for services and follow your applications. The catalogue is open to everyone.
welcome-or = or
welcome-browse = Browse the services
welcome-point-catalogue = One catalogue for every agency: federal, regional, municipal
welcome-point-offline = Works without a network: your application sends itself once you are back online
welcome-point-safe = Data on this device is encrypted, and only you hold the key
sign-in-button = Sign in
sign-in-browser-hint = The sign-in page opens in your browser. The app never sees your password.
sign-in-needed = The portal asks you to sign in again. You can go on reading and filling in; sending waits.
session-ends-soon = Your session at the portal ends { $moment }. Sign in again before that: drafts and applications stay where they are.
signing-in-title = Continue in the browser
signing-in-lead = We opened the sign-in page in your browser. Sign in there and come back: this window carries on by itself. We wait up to five minutes.
signing-in-cancel = Cancel signing in
portal-at = Portal: { $address }
portal-demo = Demo data
sign-in-offline = The portal does not answer. Check your network and try again.
sign-in-declined = The sign-in was declined on the portal's page. If that was not you, simply try again.
sign-in-timed-out = We waited five minutes and heard nothing from the browser. Start again.
sign-in-cancelled = Signing in was cancelled.
sign-in-no-browser = No browser could be opened. Choose a default browser in your system's settings.
sign-in-no-loopback = The browser's answer could not be received: the system refused a local port.
sign-in-untrusted = The portal's answer failed a security check, so signing in was stopped. Check the portal's address in the settings.
sign-in-clock = This device's clock is too far off. Set the right time and sign in again.
sign-in-portal = Something failed at the portal. Try again a little later.

# PIN
set-passcode-title = Choose a PIN
set-passcode-lead = It opens the app on this device and encrypts your data. It cannot be recovered: if you forget it, you sign in through the portal again.
set-passcode-label = A PIN of 6 digits, or a password of 12 characters or more
set-passcode-hint = Avoid birthdays, digits in a row and repeated digits.
set-passcode-repeat = Repeat it
set-passcode-different = The two do not match. Type the same PIN again.
set-passcode-button = Save the PIN
set-passcode-leave = Leave without saving
change-passcode-title = A new PIN
change-passcode-lead = The data on this device stays: the new PIN opens it, and the old one stops working.
change-passcode-current = Current PIN
change-passcode-button = Change PIN
change-passcode-done = The PIN is changed. From now on the new one opens the app.
change-passcode-back = Back to settings
passcode-show = Show what is typed
weak-length = Use exactly 6 digits, or a password of at least 12 characters.
weak-one-digit = One digit repeated is guessed first. Use different digits.
weak-run = Digits in a row are easy to guess. Mix them.
weak-common = This is one of the most common PINs. Choose another.
unlock-title = Enter your PIN
unlock-label = PIN or password
unlock-button = Unlock
unlock-news = { $n ->
    [one] News of { $n } application.
   *[other] News of { $n } applications.
}
unlock-wrong = Wrong PIN.
unlock-attempts = { $n ->
    [one] { $n } attempt left. After that the data on this device is erased.
   *[other] { $n } attempts left. After that the data on this device is erased.
}
unlock-wait = Too many wrong PINs. Next attempt in { $wait }.
unlock-touch-id = Unlock with Touch ID
unlock-face-id = Unlock with Face ID
unlock-windows-hello = Unlock with Windows Hello
unlock-fingerprint = Unlock with fingerprint or face
unlock-system = Unlock with a system check
unlock-forgotten = I forgot my PIN
unlock-forgotten-title = Sign out and start over?
unlock-forgotten-text = The PIN cannot be recovered: only you know it. You can sign out, sign in through the portal again and choose a new one. Your history comes back from the portal.
unlock-forgotten-unsent = Drafts and applications not yet sent from this device will be lost.
unlock-forgotten-nothing = The portal has everything you sent. Nothing on this device will be lost.
unlock-forgotten-waiting = { $n ->
    [one] { $n } application that has not reached the portal will be lost.
   *[other] { $n } applications that have not reached the portal will be lost.
}
unlock-forgotten-drafts = { $n ->
    [one] { $n } draft will be lost.
   *[other] { $n } drafts will be lost.
}

# Times
date-long = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }
date-short = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
moment-today = today at { $time }
moment-yesterday = yesterday at { $time }
moment-day = { $day } at { $time }
deadline-days = { $n ->
    [one] { $n } day left
   *[other] { $n } days left
}
deadline-today = last day today
deadline-passed = { $n ->
    [one] overdue by { $n } day
   *[other] overdue by { $n } days
}
wait-seconds = { $n ->
    [one] { $n } second
   *[other] { $n } seconds
}
wait-minutes = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}
wait-hours = { $n ->
    [one] { $n } hour
   *[other] { $n } hours
}

# Banners
offline-title = No connection to the portal.
offline-data-from = Showing data from { $moment }.
offline-no-data = No data has been loaded yet.
offline-retry = Check again
sync-progress = Updating: { $done } of { $total }
sync-running = Updating…
sync-pause = Pause
sync-paused = Updates are paused.
sync-once = Update
sync-resume = Resume
session-only = This device has no keyring, so you will have to sign in again after closing the window, and nothing is kept.
vault-was-damaged = The store on this device was damaged. We set it aside and rebuilt your data from the portal.

# Home
home-morning = Good morning, { $name }!
home-day = Good afternoon, { $name }!
home-evening = Good evening, { $name }!
home-night = Good night, { $name }!
home-lead-calm = Nothing needs you right now.
home-lead-needs-you = { $n ->
    [one] { $n } application waits for your answer.
   *[other] { $n } applications wait for your answer.
}
home-search = Find a service: passport, kindergarten, tax deduction…
home-suggestions = Services that fit
home-suggested = { $n ->
    [one] { $n } service fits, choose with the arrows
   *[other] { $n } services fit, choose with the arrows
}
home-all-results = All results for “{ $text }”
home-needs-you = Needs your action
home-drafts = Drafts
home-active = In progress
home-all-active = { $n ->
    [one] All in progress: { $n }
   *[other] All in progress: { $n }
}
home-often-used = Often used
home-empty = Your applications will appear here: what is in progress and what waits for you. Start by finding a service.

# Catalogue
catalogue-title = Services
catalogue-lead = { $n ->
    [one] { $count } service of federal, regional and municipal agencies.
   *[other] { $count } services of federal, regional and municipal agencies.
}
catalogue-search = Find a service
catalogue-search-here = Search in this section
catalogue-example = For example: заменить паспорт
catalogue-results = Search results
catalogue-found = { $n ->
    [one] { $count } service found
   *[other] { $count } services found
}
catalogue-nothing = Nothing found. Try other words or remove the filters.
catalogue-situations = Life situations
catalogue-agencies = Agencies
catalogue-regions = Regions and towns
services-count = { $n ->
    [one] { $count } service
   *[other] { $count } services
}
filters-label = Filters
filter-agency = Agency
filter-any-agency = All agencies
filter-region = Region
filter-any-region = All regions
filter-audience = For whom
filter-any-audience = For everyone
filter-online = Can be applied for here
level-federal = Federal
level-regional = Regional
level-municipal = Municipal
fee-free = Free of charge
list-shown = { $shown } of { $total } shown
list-more = Show more

# Service
service-online = Online
service-apply = Apply
service-continue = Continue the draft
service-sign-in = Sign in to apply
service-apply-label = Applying
service-apply-hint = What you fill in saves itself: come back whenever you like.
service-draft-hint = You already began this application.
service-no-form = This cannot be applied for in the app yet. The ways to get it are listed below.
service-no-form-mfc = This cannot be applied for in the app yet. Visit a service centre (MFC), or use another way listed on this page.
service-term = Term
service-term-unknown = We do not know the exact term
service-fee = Fee
service-fee-unknown = We do not know the fee
service-result = What you get
service-who = Who may apply
service-documents = Documents you need
service-channels = How to get it
service-agency = Agency
service-level-federal = Federal service
service-level-regional = Regional service
service-level-municipal = Municipal service
service-law = Legal ground
service-source = Source:
service-as-of = As of { $date }
channel-online = Through the app and the portal
channel-mfc = At a service centre (MFC)
channel-agency = At the agency
channel-post = By post
account-needed-standard = You need a standard account: with your documents filled in.
account-needed-confirmed = You need a confirmed account: with your documents checked.
account-needed-profile = What account you have
audience-citizen = Citizens
audience-entrepreneur = Entrepreneurs
audience-organisation = Organisations

# Form
form-up = About the service
form-step = Step { $step } of { $total }
form-next = Continue
form-back = Back
form-submit = Send the application
form-optional = optional
form-example = For example: { $example }
form-choose = Choose
form-from-profile = from your profile
file-choose = Choose a file or drop it here
file-choose-other = Choose another file
file-kinds = JPEG, PNG or PDF, up to { $size }
file-taking = Keeping the file: { $percent }%
file-taken = The file is kept on this device and goes with the application
file-remove = Remove
file-remove-named = Remove the file { $name }
size-kb = { $size } KB
size-mb = { $size } MB
form-review = Review
acting-label = In whose name
acting-own = In my own name
acting-business = Sole proprietor { $name }
acting-nobody = This service is for organisations and entrepreneurs. The portal knows of no organisation that you act for, so it will not take the application.
profile-acts-for = You act for
request-acting-for = In the name of
form-review-lead = Check your answers. Once sent, they can be changed only if the agency asks for it.
form-show-sensitive = Show document numbers
form-hide-sensitive = Hide document numbers
form-change = Change
form-change-step = Change: { $step }
form-changed = The form has changed since you began. Look through all the steps again.
form-faults = { $n ->
    [one] Correct { $n } error
   *[other] Correct { $n } errors
}
answer-yes = Yes
answer-no = No
answer-none = not filled in
draft-untouched = The draft saves itself
draft-pending = Saving the draft…
draft-saved = Draft saved at { $time }
two-answers-label = { $question }: two answers
two-answers-other = Answered on another device: “{ $answer }”
two-answers-none = This answer was removed on another device
two-answers-take = Take this answer
two-answers-keep = Keep mine
draft-changed-elsewhere = Draft saved at { $time }. It was changed on another device, too.
draft-reload = Show the changes
draft-failed = The draft is not saved yet. We try again at your next change.
correction-title = The agency asks for a correction
returned-title = The portal returned the application

# Rules of answers
rule-required = fill in this field
rule-too-short = { $n ->
    [one] at least { $n } character is needed
   *[other] at least { $n } characters are needed
}
rule-too-long = { $n ->
    [one] no more than { $n } character
   *[other] no more than { $n } characters
}
rule-pattern = some characters do not belong here: check letters and digits against the hint
rule-check-digits = check your { $name }: the check digits do not match, so it looks mistyped
rule-minimum = must be at least { $min }
rule-maximum = must be at most { $max }
rule-not-a-choice = choose one of the options
rule-not-confirmed = confirm to go on
rule-wrong-type = enter a number
rule-file-kind = only JPEG, PNG or PDF will do
rule-file-empty = the file is empty, choose another
rule-file-too-large = the file is larger than { $max }: make it smaller or choose another
rule-file-damaged = the file is damaged, choose another
rule-file-no-room = the portal has no more room for your files
rule-file-absent = the file is gone, choose it again
rule-two-answers = two devices answered differently: choose one
rule-unknown = the form no longer asks this
name-snils = SNILS
name-inn = INN
name-ogrn = OGRN
name-number = number
shape-date = enter day, month and year, for example 14.05.1990
shape-email = enter the whole address, for example maria@example.org
shape-snils = SNILS has 11 digits, for example 112-233-445 95
shape-inn-person = a person's INN has 12 digits
shape-inn-organisation = an organisation's INN has 10 digits
shape-ogrn = OGRN has 13 digits
shape-phone = enter a Russian number, for example +7 900 123-45-67
shape-passport = series and number are needed: 10 digits, for example 4510 123456
shape-passport-division = the division code has 6 digits, for example 770-001
shape-postal-code = the postal code has 6 digits
shape-oms-policy = the policy number has 16 digits
shape-bank-account = the account number has 20 digits
shape-bik = BIK has 9 digits
shape-vin = a VIN has 17 Latin letters and digits, without I, O and Q
shape-cadastral-number = a cadastral number looks like this: 77:01:0001001:1

# Receipt
receipt-accepted = Application accepted
receipt-accepted-lead = The portal has registered it. We tell you when something changes.
receipt-waiting = Application waits to be sent
receipt-waiting-lead = It is safely kept on this device and will send itself, once, as soon as the portal can be reached.
receipt-not-sent = Application not sent
receipt-service = Service
receipt-number = Number
receipt-no-number = Comes once the portal accepts the application
receipt-state = State
receipt-due = Answer due
receipt-follow = Follow the application
receipt-home = Home

# Requests
requests-title = My applications
requests-lead = Your whole history: drafts, sent and finished.
requests-search = Search your applications
requests-example = Service, agency or number
requests-groups = Show
requests-found = { $n ->
    [one] { $count } application
   *[other] { $count } applications
}
requests-none = No applications yet. Find a service in the catalogue and send your first.
requests-nothing = No such applications. Change the words or choose another group.
requests-to-catalogue = Open the catalogue
group-all = All
group-drafts = Drafts
group-active = In progress
group-needs-you = Need you
group-finished = Finished
request-number = No. { $number }
request-next = What is next
request-queued-since = Waiting to be sent since: { $moment }
request-due = Answer by { $day }
request-timeline = What happened
request-messages = Messages from the agency
request-answers = What you filled in
action-continue = Continue filling in
action-correct = Correct and send
action-cancel = Withdraw
cancel-title = Withdraw the application?
cancel-text = The agency will stop working on it. This cannot be undone, but you can apply again.
cancel-confirm = Withdraw
discard-title = Delete the draft?
discard-text = Everything you filled in will be lost.
discard-confirm = Delete
state-draft = Draft
state-queued = Waiting to be sent
state-sending = Sending
state-unknown = Asking the portal
state-returned = Needs correction
state-registered = Accepted
state-in-progress = In progress
state-needs-correction = Needs correction
state-approved = Approved
state-refused = Refused
state-cancelled = Withdrawn
next-finish-draft = Fill in the application and send it.
next-wait-for-network = We send it as soon as the portal can be reached.
next-wait-for-answer = The connection broke while sending. We ask the portal whether it arrived; it will not be sent twice.
next-mend = Correct the marked fields and send again.
next-wait-for-agency = The agency will take it up. Nothing is needed from you.
next-wait-for-decision = The agency is considering it. Nothing is needed from you.
next-correct = The agency asks for corrections. Until you answer, the work stands still.
next-nothing = Nothing more to do.

# Inbox
inbox-unread = { $n ->
    [0] No unread messages.
    [one] { $n } unread message.
   *[other] { $n } unread messages.
}
inbox-empty = No messages yet. Agencies write here about your applications.
inbox-nothing = No such messages. Try other words.
inbox-search = Search your messages
inbox-example = Word or agency
inbox-found = { $n ->
    [one] { $count } message
   *[other] { $count } messages
}
inbox-new = New.
inbox-mark = Mark as read
inbox-mark-all = Mark all as read

# Settings
settings-appearance = Appearance
settings-theme = Theme
settings-text-size = Text size
theme-system = As the system
theme-light = Light
theme-dark = Dark
theme-high-contrast = High contrast
text-size-100 = 100%
text-size-125 = 125%
text-size-150 = 150%
text-size-200 = 200%
settings-lock = Lock
settings-auto-lock = Lock when unused for
settings-sensor-touch-id = Unlock with Touch ID
settings-sensor-face-id = Unlock with Face ID
settings-sensor-windows-hello = Unlock with Windows Hello
settings-sensor-fingerprint = Unlock with fingerprint or face
settings-sensor-system = Unlock with a system check: a fingerprint or the computer’s password
settings-sensor-hint = The PIN stays: you need it when the check fails or the system’s settings have changed and, on some computers, after every start.
settings-lock-now = Lock now
settings-change-passcode = Change PIN
settings-upkeep = Updates
settings-upkeep-choice = Fetch news automatically
settings-upkeep-hint = When off, news is fetched only when you ask for it. Your applications are sent either way.
settings-upkeep-metered = This network is charged by volume, so the catalogue is updated once a day.
settings-upkeep-battery = The battery is low, so news is fetched less often.
settings-account = Account
settings-account-text = Your profile and level, where you are signed in, what happened to the account, and how to end sessions.
settings-portal = Portal
settings-portal-address = Address
settings-portal-trust = Trusted certificate authority
settings-portal-system = The system's certificate authorities
settings-about = About
settings-version = Version
settings-kept = On this device
settings-kept-text = Services: { $services }, applications: { $applications }
settings-leave = Sign out
settings-leave-text = Keys, drafts and history on this device are erased. Nothing changes at the portal.
sign-out-button = Sign out
sign-out-title = Sign out?
sign-out-text = Keys, drafts and your history are erased from this device. The catalogue stays.
sign-out-confirm = Sign out and erase
sign-out-discard = Sign out without sending

# Faults
error-sign-in-required = Sign in to go on.
error-locked = The app is locked. Enter your PIN.
error-wrong-passcode = { $n ->
    [one] Wrong PIN. { $n } attempt left.
   *[other] Wrong PIN. { $n } attempts left.
}
error-too-many-attempts = Too many wrong PINs. Next attempt in { $wait }.
error-attempts-used-up = No attempts are left, and the data on this device is erased. Sign in through the portal again.
error-offline = This needs the portal, and it cannot be reached now.
error-rejected = { $n ->
    [one] The portal found { $n } error in the application.
   *[other] The portal found { $n } errors in the application.
}
error-stale-form = The form has changed. Open the new version, look through your answers and send again.
error-not-found = It is not here. The service or application may have been removed.
error-conflict = This is no longer possible: the application's state has changed.
error-unsent-applications = { $n ->
    [one] { $n } application is not sent yet. If you sign out now, it is lost.
   *[other] { $n } applications are not sent yet. If you sign out now, they are lost.
}
error-keyring-unavailable = The system's keyring does not answer or is closed. Open it and try again.
error-sensor-declined = The check was cancelled. Enter your PIN or try again.
error-sensor-not-recognised = The system did not recognise you. Enter your PIN or try again.
error-sensor-gone = Quick unlock is not available now: enter your PIN. It works again after that.
error-sensor-unavailable = The system could not check. Enter your PIN.
error-no-space = This device has run out of space. Free some and try again.
error-vault-damaged = The store on this device is damaged. We set it aside and saved what we could.
error-internal = Something broke on our side. Try again. Number for support: { $incident }

# Places that lead nowhere
not-found-title = There is no such page
not-found-lead = The link may be out of date.
not-found-home = Home

## The account

account-title = Devices and sign-ins
account-lead = Where your account is open, and what happened to it.
account-sessions = Where you are signed in
account-this = This device
account-kind-app = The Unified Client app
account-kind-browser = The portal in a browser
account-kind-unknown = Another connection
account-used = Last active: { $moment }
account-signed-in = Signed in: { $moment }
account-end = End
account-rename = Rename
account-rename-title = What is this device to be called?
account-rename-label = Name
account-rename-hint = “Laptop at home”, for example. Only you see it.
account-rename-save = Save
account-end-others = End all others
account-end-title = End this session?
account-end-text = You will have to sign in there again. Drafts and unsent work on that device stay.
account-end-others-title = End all other sessions?
account-end-others-text = Everywhere but on this device you will have to sign in again. Drafts and unsent work stay.
account-history = Latest events
account-history-hint = If you did not do one of these, end the other sessions and change your password at the portal.
account-history-offline = Events will be here when there is a connection.
account-address = address { $address }
account-event-signed-in = Signed in
account-event-signed-out = Signed out
account-event-new-device = Signed in in a new browser
account-event-password-refused = Wrong password
account-event-registered = Account created
account-event-password-recovered = Password replaced by account recovery
account-event-factor-shown = Sign-in confirmed by a second factor
account-event-factor-refused = Wrong code of the second factor
account-event-factor-added = Second factor added
account-event-factor-removed = Second factor removed
account-event-provider-named = Signed in by another provider
account-event-provider-refused = Sign-in by another provider refused
account-event-identity-linked = An account of another provider linked
account-event-identity-unlinked = An account of another provider unlinked
account-event-email-replaced = The e-mail address was changed
account-event-papers-given = Document details were given
account-event-documents-sent = Documents were sent to be checked
account-event-documents-opened = An operator of the portal looked at the documents
account-event-documents-confirmed = An operator of the portal confirmed the documents
account-event-documents-returned = An operator of the portal returned the documents
account-event-turned-away = Too many tries: sign-in paused
account-event-locked = Too many wrong tries: sign-in locked for a while
account-event-access-allowed = Access allowed
account-event-access-given-back = Access given back: signed out of an app or a site
account-event-access-ended = You ended a session
account-event-access-copied = Session ended: somebody else used its keys
account-event-role-given = You got the right to act in a role
account-event-role-taken = The right to act in a role ended
account-event-browser-ended = You ended a session in a browser
account-event-unknown = An event that only a newer version knows

profile-title = Profile
profile-lead = What the portal knows of you. Applications are filled in from it.
profile-unknown = The portal has not sent your details yet. They appear as soon as there is a connection.
profile-confirm = Confirm the account
profile-in-browser = A page of the portal opens in the browser. You sign in there.
profile-protection = Sign-in protection
profile-protection-text = A code from an app beside the password, and recovery codes.
profile-protection-open = Set up the protection
profile-facts = Personal details
profile-name = Name
profile-birth-date = Date of birth
profile-phone = Phone
profile-email = E-mail
profile-address = Address
profile-passport = Passport
profile-snils = SNILS
profile-inn = INN
level-title = Level of the account
level-simplified = Simplified
level-simplified-text = The portal knows your phone, name and day of birth. Most services need more: give your documents and confirm the account.
level-standard = Standard
level-standard-text = Your documents are filled in, but not checked yet. Send pictures of your passport to be checked, and all services open.
level-confirmed = Confirmed
level-confirmed-text = Your documents were checked. All services are open to you.
