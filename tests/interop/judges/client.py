"""The client of PyPI `authlib`, going through the whole life of a session with a provider.

Takes one JSON object as its argument and answers with one JSON object on standard output: what it saw, step by step.
Everything that it checks by itself ends it with an error.
"""

import html
import json
import platform
import re
import ssl
import sys
from importlib.metadata import version
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import httpx
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet

REDIRECT = "http://127.0.0.1:50999/callback"
SIGNED_OUT = "http://127.0.0.1:50999/signed-out"


def attributes(tag):
    return {name: html.unescape(value) for name, value in re.findall(r' ([a-z-]+)="([^"]*)"', tag)}


def filled(form, person):
    """What a filled form sends: its hidden fields, what the person types, and the button that they press."""
    for tag in re.findall(r"<input [^>]*>", form):
        field = attributes(tag)
        if field.get("type") == "hidden":
            yield field["name"], field.get("value", "")
        elif field["name"] in person:
            yield field["name"], person[field["name"]]
    for tag in re.findall(r"<button [^>]*>", form):
        button = attributes(tag)
        if button.get("name") in person and person[button["name"]] == button.get("value"):
            yield button["name"], button["value"]


class Browser:
    """A person at a browser: follows redirects, keeps cookies, fills forms in."""

    def __init__(self, trusted, person):
        self.http = httpx.Client(verify=trusted, follow_redirects=False, trust_env=False)
        self.person = person

    def walk(self, address, home):
        answer = self.http.get(address)
        for _ in range(32):
            if answer.is_redirect:
                address = urljoin(str(answer.url), answer.headers["location"])
                if address.startswith(home):
                    return address
                answer = self.http.get(address)
                continue
            form = re.search(r'<form method="post" action="([^"]+)">(.*?)</form>', answer.text, re.S)
            if form is None:
                raise RuntimeError(f"no form on {answer.url.path}")
            action = urljoin(str(answer.url), html.unescape(form.group(1)))
            # The portal takes forms from its own pages only.
            origin = "{0.scheme}://{0.netloc}".format(urlsplit(action))
            body = list(filled(form.group(2), self.person))
            answer = self.http.post(action, data=dict(body), headers={"Origin": origin})
        raise RuntimeError("the pages lead nowhere")


class Session:
    """One client with a provider."""

    def __init__(self, given):
        self.given = given
        self.trusted = ssl.create_default_context(cafile=given["authority"])
        self.http = httpx.Client(verify=self.trusted, trust_env=False)
        self.provider = self.get(f"{given['issuer']}/.well-known/openid-configuration")
        if self.provider["issuer"] != given["issuer"]:
            raise RuntimeError("another issuer")
        self.keys = KeySet.import_key_set(self.get(self.provider["jwks_uri"]))
        self.browser = Browser(self.trusted, given["person"])
        self.client = OAuth2Client(
            client_id=given["clientId"],
            token_endpoint_auth_method="none",
            revocation_endpoint_auth_method="none",
            code_challenge_method="S256",
            scope=given["scope"],
            redirect_uri=REDIRECT,
            verify=self.trusted,
            trust_env=False,
        )

    def get(self, address):
        return self.http.get(address).raise_for_status().json()

    def sign_in(self, **extra):
        verifier, nonce = generate_token(48), generate_token(20)
        address, state = self.client.create_authorization_url(
            self.provider["authorization_endpoint"], code_verifier=verifier, nonce=nonce, **extra
        )
        answer = self.browser.walk(address, REDIRECT)
        query = parse_qs(urlsplit(answer).query)
        # As authlib's own integrations of frameworks do before they ask for tokens.
        if "error" in query:
            raise OAuthError(error=query["error"][0])
        token = self.client.fetch_token(
            self.provider["token_endpoint"],
            authorization_response=answer,
            state=state,
            code_verifier=verifier,
        )
        return token, self.claims(token, nonce), query["iss"]

    def claims(self, token, nonce):
        read = jwt.decode(token["id_token"], self.keys, algorithms=["ES256"])
        claims = CodeIDToken(
            read.claims,
            read.header,
            options={
                "iss": {"essential": True, "value": self.given["issuer"]},
                "aud": {"essential": True, "value": self.given["clientId"]},
            },
            params={
                "nonce": nonce,
                "client_id": self.given["clientId"],
                "access_token": token["access_token"],
            },
        )
        claims.validate(now=self.given["now"] // 1000)
        return claims

    def user_info(self):
        return self.client.get(self.provider["userinfo_endpoint"])

    def refresh(self, refresh_token):
        return self.client.refresh_token(self.provider["token_endpoint"], refresh_token=refresh_token)

    def revoke(self, refresh_token):
        answer = self.client.revoke_token(
            self.provider["revocation_endpoint"], token=refresh_token, token_type_hint="refresh_token"
        )
        answer.raise_for_status()

    def sign_out(self, id_token):
        query = urlencode(
            {"id_token_hint": id_token, "post_logout_redirect_uri": SIGNED_OUT, "state": "home again"}
        )
        return self.browser.walk(f"{self.provider['end_session_endpoint']}?{query}", SIGNED_OUT)


def refusal(attempt):
    """The error code with which something is refused; None where it is not."""
    try:
        attempt()
    except OAuthError as error:
        return error.error
    return None


def main():
    given = json.loads(sys.argv[1])
    session = Session(given)
    token, claims, issuers = session.sign_in()
    if issuers != [given["issuer"]]:
        raise RuntimeError("the answer is of another issuer")
    person = session.user_info().raise_for_status().json()
    renewed = session.refresh(token["refresh_token"])
    again = session.user_info().raise_for_status().json()
    session.revoke(renewed["refresh_token"])
    after_revocation = refusal(lambda: session.refresh(renewed["refresh_token"]))
    session.client.token = renewed
    at_user_info = session.user_info()
    home = urlsplit(session.sign_out(token["id_token"]))
    after_sign_out = refusal(lambda: session.sign_in(prompt="none"))
    seen = {
        "judge": "authlib",
        "version": version("authlib"),
        "runtime": f"Python {platform.python_version()}",
        "subject": claims["sub"],
        "audience": claims["aud"],
        "tokenType": token["token_type"],
        "scope": token["scope"],
        "name": person["name"],
        "sameAfterRefresh": again["sub"] == person["sub"] == claims["sub"],
        "refreshRotated": renewed["refresh_token"] != token["refresh_token"],
        "accessRenewed": renewed["access_token"] != token["access_token"],
        "afterRevocation": after_revocation,
        "afterRevocationAtUserInfo": at_user_info.status_code,
        "signedOutTo": f"{home.scheme}://{home.netloc}{home.path}",
        "signedOutState": parse_qs(home.query)["state"][0],
        "afterSignOut": after_sign_out,
    }
    print(json.dumps(seen))


main()
