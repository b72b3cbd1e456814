using Amnre.Cli.Terminal;

namespace Amnre.Cli.Original;

/// <summary>Runs a file-writing command under a progress line and reports how it ended.</summary>
/// <param name="progress">Shown meanwhile.</param>
/// <param name="stop">Ctrl-C.</param>
internal sealed class Making(ProgressLine progress, CancellationToken stop)
{
    /// <summary>What a user who pressed Ctrl-C wants to know.</summary>
    public required Func<string> Stopped { get; init; }

    /// <summary>What was to be written: <c>'out.h5'</c>.</summary>
    public required string Output { get; init; }

    /// <summary>What is left of it where it cannot be written, and what to do.</summary>
    public required string Remedy { get; init; }

    /// <param name="make">Makes and tells of it; what it returns is the exit code.</param>
    public int Run(Func<int> make)
    {
        try
        {
            return make();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            progress.Dispose();
            Console.Error.WriteLine($"amnre: {Stopped()}");
            return ExitCode.Interrupted;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            progress.Dispose();
            Console.Error.WriteLine($"amnre: {Output} cannot be written: {refused.Message.TrimEnd('.')}. {Remedy}");
            return ExitCode.Failed;
        }
    }
}
