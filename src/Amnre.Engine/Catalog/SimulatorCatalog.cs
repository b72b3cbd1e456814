using Amnre.Engine.BenchmarkTasks;
using Amnre.Engine.Declarations;
using Amnre.Engine.GravitationalWaves;
using Amnre.Engine.Programs;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Catalog;

/// <summary>The simulators that commands and experiment files may name.</summary>
public static class SimulatorCatalog
{
    private static readonly Lock Gate = new();

    private static readonly Dictionary<string, Func<ISimulator>> Makers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["SLCP"] = static () => new Slcp(),
        ["MLCP"] = static () => new Mlcp(),
        ["HH"] = static () => new HodgkinHuxley(),
        ["GW"] = static () => new GravitationalWave(),
        ["sbibm-gaussian-linear"] = static () => new GaussianLinear(),
        ["sbibm-gaussian-linear-uniform"] = static () => new GaussianLinearUniform(),
        ["sbibm-slcp"] = static () => new BenchmarkSlcp(),
        ["sbibm-slcp-distractors"] = static () => new SlcpDistractors(),
        ["sbibm-bernoulli-glm"] = static () => new BernoulliGlm(),
        ["sbibm-bernoulli-glm-raw"] = static () => new BernoulliGlmRaw(),
        ["sbibm-gaussian-mixture"] = static () => new GaussianMixture(),
        ["sbibm-two-moons"] = static () => new TwoMoons(),
        ["sbibm-sir"] = static () => new Epidemic(),
        ["sbibm-lotka-volterra"] = static () => new LotkaVolterra(),
    };

    public static IReadOnlyList<string> Names
    {
        get
        {
            lock (Gate) return [.. Makers.Keys];
        }
    }

    /// <summary>Makes a simulator of the caller's known to every command of this process. Call once, before the first command.</summary>
    /// <param name="make">Makes a new one each time; its name becomes the one to find it by.</param>
    /// <exception cref="InputException">The name is taken, or looks like a path.</exception>
    public static void Add(Func<ISimulator> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        var name = make().Name;
        if (SimulatorReference.IsPath(name))
            throw new InputException($"simulator '{name}' cannot be told from a path: use letters, digits, '-' and '_'");
        lock (Gate)
        {
            if (!Makers.TryAdd(name, make)) throw new InputException($"there is a simulator '{name}' already: give yours another name");
        }
    }

    /// <summary>The simulator called <paramref name="name"/>, whatever its case, or that of the file at that path.</summary>
    /// <param name="name">A known name, the path of a manifest (<c>./two-moons.yaml</c>), which without a program declares parameters
    /// only, or of a pack (<c>./gw150914.h5</c>), or the <see cref="ISimulator.Name"/> of a simulator found before.</param>
    /// <param name="folder">Where relative paths start; null means the current directory.</param>
    /// <exception cref="InputException">There is none of that name, the manifest is invalid, or it has changed since it was
    /// found.</exception>
    public static ISimulator Find(string name, string? folder = null)
    {
        if (name.Contains('\0', StringComparison.Ordinal))
            throw new InputException("the simulator's name holds a zero character: name one of " + string.Join(", ", Names));
        if (SimulatorReference.IsDeclared(name)) return DeclaredSimulator.Of(name);
        if (SimulatorReference.IsPack(name)) return WavePack.Open(name, folder ?? Environment.CurrentDirectory);
        if (SimulatorReference.IsPath(name))
            return DeclarationFile.Read(name, folder ?? Environment.CurrentDirectory)
                ?? (ISimulator)ProgramSimulator.Open(name, folder ?? Environment.CurrentDirectory, TimeProvider.System);
        Func<ISimulator>? make;
        lock (Gate) Makers.TryGetValue(name, out make);
        return make?.Invoke() ?? throw new InputException(
            $"simulator '{name}' is not known: use one of {string.Join(", ", Names)}, or the path of a manifest, such as ./{name}.yaml");
    }
}
