using Amnre.Engine.ReducedBases;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.GravitationalWaves;

/// <summary>Builds the reduced basis of a simulator of gravitational waves.</summary>
public static class BasisBuilding
{
    public const string OutputName = "basis.h5";

    private const int MaxDraws = 1 << 24;

    /// <summary>What is wrong with settings, each error with the name of its field.</summary>
    public static IReadOnlyList<(string Field, string Message)> Errors(BasisSettings settings, ISimulator simulator)
    {
        var errors = new List<(string, string)>();
        if (simulator is not GravitationalWave wave)
        {
            errors.Add((nameof(settings.Simulator), $"simulator {simulator.PlainName} has no reduced basis: leave 'basis' out"));
            return errors;
        }

        var least = (wave.Setting.Columns + 1) / 2;
        if (settings.Draws < least || settings.Draws > MaxDraws)
            errors.Add((nameof(settings.Draws),
                $"draws {settings.Draws} is out of range: from {least}, so that there are as many signals as vectors, to {MaxDraws}"));
        if (settings.HeldOut is < 0 or > MaxDraws)
            errors.Add((nameof(settings.HeldOut), $"held_out {settings.HeldOut} is out of range: from 0 to {MaxDraws}"));
        return errors;
    }

    /// <param name="settings">How.</param>
    /// <param name="simulator">Whose signals.</param>
    /// <param name="path">Where the file appears.</param>
    /// <param name="context">What surrounds the run.</param>
    /// <returns>How well the basis represents signals that were held out; null when asked to drain.</returns>
    /// <exception cref="InputException">The settings are invalid.</exception>
    /// <exception cref="OperationCanceledException">The run was told to stop.</exception>
    public static BasisQuality? Run(BasisSettings settings, ISimulator simulator, string path, RunContext context)
    {
        Errors(settings, simulator).ThrowIfAny("basis");
        var (observatory, columns) = (((GravitationalWave)simulator).Setting.Observatory, ((GravitationalWave)simulator).Setting.Columns);
        var progress = new PacedProgress(context, settings.Draws, "draws");
        if (SignalSubspace.Build(observatory, settings.Seed, settings.Draws, columns, context,
            part => progress.Report((long)(part * settings.Draws))) is not { } built)
            return null;
        progress.Report(settings.Draws);
        var mismatch = BasisQuality.Mismatch(observatory, new ReducedBasis(built.Vectors, columns), settings, context);
        BasisFile.Write(path, built.Vectors, columns, built.Singular, mismatch, settings);
        return BasisQuality.Of(mismatch);
    }
}
