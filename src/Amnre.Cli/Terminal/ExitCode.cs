namespace Amnre.Cli.Terminal;

/// <summary>What the command tells the shell.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The work was done, but not all of it succeeded.</summary>
    public const int Failed = 1;

    /// <summary>The user's input cannot be acted on; nothing was started.</summary>
    public const int BadInput = 2;

    /// <summary>The work was done, and what the user required of its result is not met.</summary>
    public const int Unmet = 3;

    /// <summary>Stopped by Ctrl-C or SIGTERM: 128 + SIGINT.</summary>
    public const int Interrupted = 130;
}
