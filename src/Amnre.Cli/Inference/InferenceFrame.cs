using Amnre.Cli.Original;
using Amnre.Cli.Terminal;
using Amnre.Engine;

namespace Amnre.Cli.Inference;

/// <summary>How a run of a trained model on measured data starts, shows its progress, and ends: the clock, and what is
/// said where it is stopped or cannot write.</summary>
/// <param name="Output">The main file that it writes.</param>
/// <param name="Written">What may have been written: <c>'out.h5' or a file beside it</c>.</param>
/// <param name="Stopped">What a user who pressed Ctrl-C wants to know.</param>
internal sealed record InferenceFrame(string Output, string Written, string Stopped)
{
    /// <param name="run">The run.</param>
    /// <param name="tell">Tells of it after the progress line is gone, with the time taken; what it returns is the exit code.</param>
    /// <param name="clock">Measures the time.</param>
    /// <param name="stop">Ctrl-C.</param>
    public int Run<TResult>(Func<RunContext, TResult> run, Func<TResult, TimeSpan, int> tell, TimeProvider clock, CancellationToken stop)
    {
        using var progress = ProgressLine.OnStandardError(Path.GetFileName(Output), clock);
        var making = new Making(progress, stop)
        {
            Output = Written,
            Remedy = "Free space or name another place with --output.",
            Stopped = () => Stopped,
        };
        return making.Run(() =>
        {
            var started = clock.GetTimestamp();
            var result = run(new RunContext { Progress = progress, Stop = stop, Clock = clock, Note = progress.Note });
            progress.Dispose();
            return tell(result, clock.GetElapsedTime(started));
        });
    }
}
