using System.Runtime.InteropServices;

namespace Amnre.Worker.Drain;

/// <summary>What may ask this process to drain from outside: signals, and a parent that goes away.</summary>
internal sealed class DrainSources : IDisposable
{
    private readonly List<PosixSignalRegistration> _signals = [];

    public DrainSources(DrainSignal drain, bool exitWithStandardInput)
    {
        // SIGUSR2 is what batch systems are told to send ahead of the end of an allocation (sbatch --signal=B:USR2@…).
        const PosixSignal userSignal2 = (PosixSignal)12;
        foreach (var signal in new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP, userSignal2 })
        {
            _signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true; // The process ends when it has drained.
                drain.Request($"signal {signal}");
            }));
        }

        if (exitWithStandardInput) StandardInput.WhenClosed(() => drain.Request("the parent process has gone"));
    }

    public void Dispose() => _signals.ForEach(signal => signal.Dispose());
}
