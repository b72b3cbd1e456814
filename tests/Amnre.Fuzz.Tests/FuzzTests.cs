using System.Globalization;
using Amnre.Testing;

namespace Amnre.Fuzz.Tests;

/// <summary>Whatever the bytes, a parser takes them or refuses them as documented: no other exception, no end of waiting, no memory out
/// of proportion, nothing run and nothing written.</summary>
/// <remarks>A few seconds here; <c>./test --fuzz N</c> gives all targets together N inputs.</remarks>
public sealed class FuzzTests
{
    private const long UsualInputs = 15_750;

    internal static readonly IReadOnlyList<FuzzTarget> Targets = [.. BinaryTargets.All, .. RecordTargets.All, .. TextTargets.All,
        .. FigureTargets.All, .. ToolTargets.All, .. RequestTargets.All, .. CommandTargets.All];

    public static TheoryData<string> Names() => [.. Targets.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_parser_takes_its_input_or_refuses_it_as_documented(string name)
    {
        var target = Targets.Single(one => one.Name == name);
        var only = Only(name);
        if (Only() is not null && only is null) return;
        var count = only is null ? Math.Max((Asked ?? UsualInputs) * target.Share / Targets.Sum(one => one.Share), 20) : 1;

        var begun = TimeProvider.System.GetTimestamp();
        var result = new FuzzRun(target, Seed, Kept).Over(only ?? 0, count);

        Tell(string.Create(CultureInfo.InvariantCulture,
            $"{name}: {count} inputs, {result.Parsed} taken, {result.Refused} refused, {result.Errors.Count} faults, " +
                $"{TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0.0} s, seed {Seed}"), result.Errors);
        Assert.True(result.Errors.Count == 0, string.Join("\n\n", result.Errors));
        // A target that refuses its own seeds tests nothing.
        if (only is null) Assert.True(result.Parsed > 0, $"{name} took none of {count} inputs");
    }

    [Fact]
    public void An_input_is_a_function_of_seed_and_number()
    {
        var mutator = new Mutator(["one two three 4"u8.ToArray(), "{[5]}"u8.ToArray()], ["[["u8.ToArray()]);

        var inputs = Enumerable.Range(0, 200).Select(number => mutator.Make(3, (ulong)number)).ToList();

        Assert.All(Enumerable.Range(0, 200), number => Assert.Equal(inputs[number], mutator.Make(3, (ulong)number)));
        Assert.True(inputs.Select(Convert.ToHexString).Distinct().Count() > 150);
    }

    /// <summary>Inputs of a campaign, of all targets together; null outside of one.</summary>
    internal static long? Asked =>
        long.TryParse(Environment.GetEnvironmentVariable("AMNRE_FUZZ"), CultureInfo.InvariantCulture, out var inputs) ? inputs : null;

    internal static ulong Seed =>
        ulong.TryParse(Environment.GetEnvironmentVariable("AMNRE_SEED"), CultureInfo.InvariantCulture, out var given) ? given : 1;

    /// <summary>The one input of a target that is wanted again.</summary>
    internal static long? Only(string name) => Only() is [var target, var number] && target == name
        ? long.Parse(number, CultureInfo.InvariantCulture) : null;

    /// <summary>Lays down what became of a target.</summary>
    internal static void Tell(string line, IReadOnlyList<string> errors)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        Directory.CreateDirectory(Kept);
        if (Asked is not null) File.AppendAllLines(Path.Combine(Kept, "campaign.txt"), [line, .. errors]);
    }

    private static string Kept => Path.Combine(Repository.Root, "artifacts", "fuzz");

    private static string[]? Only() => Environment.GetEnvironmentVariable("AMNRE_FUZZ_CASE")?.Split('/');
}
