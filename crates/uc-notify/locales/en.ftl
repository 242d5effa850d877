# Everything that a notification may say: no name, no number, no service.
title = Unified Client
registered = Your application is registered
in-progress = Your application is being processed
needs-correction = An application needs a correction
approved = There is a decision on your application
refused = There is a decision on your application
cancelled = Your application is withdrawn
message = A new message from an agency
returned = An application was not accepted: check your answers
level-too-low = The application is back with you: the service asks for a confirmed account
form-changed = The form has changed: check your application and send it again
several = There is news about your applications
unlock = Open Unified Client
