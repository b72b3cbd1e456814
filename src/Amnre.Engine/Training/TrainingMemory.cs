using System.Numerics;
using Amnre.Engine.Estimators;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Training;

/// <summary>The memory that the numbers of a network take while it is trained, before any row or activation: a lower bound.</summary>
public static class TrainingMemory
{
    /// <summary>More than this no machine has, so that settings that ask for it are a slip.</summary>
    private static readonly BigInteger MaxBytes = (BigInteger)16 << 40;

    /// <summary>Weights, gradients, both means of Adam and the best weights, as float32; more where settings ask for it.</summary>
    private const int Copies = 5;

    /// <summary>Bytes, for all replicates that one job trains together.</summary>
    /// <param name="settings">Without validation errors.</param>
    public static BigInteger Bytes(TrainSettings settings, ISimulator simulator) =>
        ParameterCount.Of(settings, simulator) * sizeof(float) * (Copies + (settings.Average > 0 ? 1 : 0) + (settings.AmsGrad ? 1 : 0))
        * (settings.Replicates ?? 1);

    /// <summary>A sentence on settings that no machine can hold; null for others.</summary>
    internal static string? Error(TrainSettings settings, ISimulator simulator) =>
        Bytes(settings, simulator) is var bytes && bytes > MaxBytes
        ? $"the network has {ParameterCount.Of(settings, simulator)} parameters, and training takes at least {ByteText.Of(bytes)} of " +
            "memory: take fewer or narrower layers"
        : null;

    /// <summary>Refuses what this machine's memory cannot hold, before anything is written.</summary>
    /// <param name="available">Bytes of this machine's memory, or of the limit that the process is under.</param>
    /// <exception cref="InputException">It is too much.</exception>
    public static void Require(TrainSettings settings, ISimulator simulator, long available)
    {
        // The memory of a GPU is its own.
        if (!settings.Device.IsCpu || Bytes(settings, simulator) is var bytes && bytes <= available) return;
        throw new InputException(
            $"model: the network has {ParameterCount.Of(settings, simulator)} parameters, and training takes at least " +
            $"{ByteText.Of(bytes)} of memory, but there are {ByteText.Of(available)}: "
            + "take fewer or narrower layers, fewer replicates, or a larger machine");
    }
}
