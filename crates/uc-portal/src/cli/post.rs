//! How messages travel, as the command line says it.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use clap::Args;
use uc_model::SecretString;
use uc_portal::senders::{
    Carrier, Route, Routes, SmppAddress, SmppCarrier, SmsGateway, SmtpAddress, SmtpCarrier,
};

#[derive(Args)]
pub(super) struct PostOptions {
    /// File with the mail server's URL: `smtps://USER:PASSWORD@HOST:465`, or `smtp://127.0.0.1:25` for a relay here.
    #[arg(
        long,
        value_name = "PATH",
        env = "PORTAL_SMTP_URL_FILE",
        requires = "mail_from"
    )]
    smtp_url_file: Option<PathBuf>,
    /// Who writes e-mail: "Name <address>".
    #[arg(long, value_name = "MAILBOX")]
    mail_from: Option<String>,
    /// File with the authority of the mail server's certificate in PEM, when the system does not trust it.
    #[arg(long, value_name = "PATH")]
    smtp_ca: Option<PathBuf>,
    /// URL of the SMS gateway, which gets {"to": …, "text": …} by POST with a bearer key.
    #[arg(long, value_name = "URL", requires = "sms_key_file")]
    sms_gateway: Option<String>,
    /// File with the gateway's key.
    #[arg(long, value_name = "PATH", env = "PORTAL_SMS_KEY_FILE")]
    sms_key_file: Option<PathBuf>,
    /// File with the URL of a message centre for SMPP: `smpps://SYSTEM-ID:PASSWORD@HOST:3550`, or `smpp://127.0.0.1:2775`
    /// for a tunnel here.
    #[arg(
        long,
        value_name = "PATH",
        env = "PORTAL_SMPP_URL_FILE",
        requires = "sms_from",
        conflicts_with = "sms_gateway"
    )]
    smpp_url_file: Option<PathBuf>,
    /// Who writes SMS by SMPP: a name of up to 11 letters and digits, or a number.
    #[arg(long, value_name = "NAME")]
    sms_from: Option<String>,
    /// File with the authority of the message centre's certificate in PEM, when the system does not trust it.
    #[arg(long, value_name = "PATH")]
    smpp_ca: Option<PathBuf>,
}

impl PostOptions {
    /// What is not said goes into the demo's mailbox, or nowhere.
    pub(super) fn routes(&self, demo: bool) -> anyhow::Result<Routes> {
        let otherwise = || if demo { Route::Mailbox } else { Route::Nowhere };
        Ok(Routes {
            sms: self.sms()?.map_or_else(otherwise, Route::By),
            email: self.email()?.map_or_else(otherwise, Route::By),
        })
    }

    fn email(&self) -> anyhow::Result<Option<Arc<dyn Carrier>>> {
        let (Some(file), Some(from)) = (&self.smtp_url_file, &self.mail_from) else {
            return Ok(None);
        };
        let authority = self.smtp_ca.as_deref().map(read).transpose()?;
        let carrier = SmtpCarrier::new(&SmtpAddress {
            url: read(file)?.into(),
            from: from.clone(),
            authority,
        })?;
        Ok(Some(Arc::new(carrier)))
    }

    fn sms(&self) -> anyhow::Result<Option<Arc<dyn Carrier>>> {
        if let (Some(file), Some(from)) = (&self.smpp_url_file, &self.sms_from) {
            let carrier = SmppCarrier::new(&SmppAddress {
                url: read(file)?.into(),
                from: from.clone(),
                authority: self.smpp_ca.as_deref().map(read).transpose()?,
            })?;
            return Ok(Some(Arc::new(carrier)));
        }
        let (Some(url), Some(file)) = (&self.sms_gateway, &self.sms_key_file) else {
            return Ok(None);
        };
        let key = SecretString::new(read(file)?);
        Ok(Some(Arc::new(SmsGateway::new(url, key)?)))
    }
}

fn read(path: &Path) -> anyhow::Result<String> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(text.trim().to_owned())
}
