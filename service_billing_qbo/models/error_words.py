"""Errors of a call to QuickBooks in words for people; codes are for the details."""

from ..quickbooks import (
    AnswerLost,
    AuthenticationFailed,
    ClientRefused,
    GrantRefused,
    InsecureAddress,
    LimitReached,
    NotAuthorized,
    NotSent,
    Refused,
    Throttled,
    Unavailable,
    VaultError,
)


def words_of(env, error: Exception) -> str:
    """Say in a sentence what went wrong, in the language of the environment.

    :param error: a QuickBooksError, or another error, whose own words are for people
    """
    if isinstance(error, Refused) and error.faults:
        return env._("QuickBooks refused: %(text)s", text=error.reason)
    # The narrower kind before the wider one.
    sentences = {
        Throttled: env._("QuickBooks asks to slow down."),
        LimitReached: env._("Intuit takes no more calls just now."),
        InsecureAddress: env._(
            "The address of QuickBooks in the server's configuration is not safe."
        ),
        NotSent: env._("QuickBooks could not be reached."),
        AnswerLost: env._("The answer of QuickBooks was lost on its way."),
        Unavailable: env._("QuickBooks is not available just now."),
        AuthenticationFailed: env._("QuickBooks does not accept the sign-in."),
        NotAuthorized: env._("QuickBooks does not give access to this company."),
        GrantRefused: env._("QuickBooks no longer accepts the authorization."),
        ClientRefused: env._("Intuit refuses the Client ID and Client Secret."),
        Refused: env._("QuickBooks refused and gave no reason."),
        VaultError: env._(
            "The key that encrypts the tokens is missing or has changed."
        ),
    }
    kinds = (kind for kind in sentences if isinstance(error, kind))
    kind = next(kinds, None)
    return sentences[kind] if kind else str(error)
