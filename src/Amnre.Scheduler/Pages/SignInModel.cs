namespace Amnre.Scheduler.Pages;

/// <summary>Asks for the token. Tells nothing of experiments.</summary>
/// <param name="Refusal">Why the last attempt failed; null at the first.</param>
public sealed record SignInModel(string? Refusal)
{
    public const string Used = "This link was used already: each works once. Ask for another with 'amnre status'.";
    public const string Ended = "This link has expired: each works for twelve hours. Ask for another with 'amnre status'.";
    public const string Unknown = "This link is of an earlier start of the scheduler, or of another one. Ask for a new one with " +
        "'amnre status'.";
    public const string Malformed = "This link is not whole: copy all of it, to the end of the line, or ask for another with " +
        "'amnre status'.";
    public const string SessionEnded = "Your session has ended: the scheduler was started again, its token was changed, or the time is " +
        "over. Sign in again.";
}
