using System.Globalization;

namespace Amnre.Fuzz.Tests;

/// <summary>Whatever the bytes, a parser takes them or refuses them as documented: no other exception, no end of waiting, no memory out
/// of proportion, nothing run and nothing written.</summary>
/// <remarks>A few seconds here; <c>./test --fuzz N</c> gives all targets together N inputs.</remarks>
public sealed class FuzzTests
{
    private const long UsualInputs = 15_000;

    private static readonly IReadOnlyList<FuzzTarget> Targets = [.. BinaryTargets.All, .. TextTargets.All];

    public static TheoryData<string> Names() => [.. Targets.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_parser_takes_its_input_or_refuses_it_as_documented(string name)
    {
        var target = Targets.Single(one => one.Name == name);
        var (only, number) = Only();
        if (only is not null && only != name) return;
        var asked = long.TryParse(Environment.GetEnvironmentVariable("AMNRE_FUZZ"), CultureInfo.InvariantCulture, out var inputs) ? inputs : UsualInputs;
        var seed = ulong.TryParse(Environment.GetEnvironmentVariable("AMNRE_SEED"), CultureInfo.InvariantCulture, out var given) ? given : 1;
        var count = only is null ? Math.Max(asked * target.Share / Targets.Sum(one => one.Share), 20) : 1;

        var begun = TimeProvider.System.GetTimestamp();
        var result = new FuzzRun(target, seed, Path.Combine(Repository.Root, "artifacts", "fuzz")).Over(number, count);

        var line = string.Create(CultureInfo.InvariantCulture,
            $"{name}: {count} inputs, {result.Parsed} taken, {result.Refused} refused, {result.Faults.Count} faults, {TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0.0} s, seed {seed}");
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        if (asked > UsualInputs) File.AppendAllLines(Path.Combine(Repository.Root, "artifacts", "fuzz", "campaign.txt"), [line, .. result.Faults]);
        Assert.True(result.Faults.Count == 0, string.Join("\n\n", result.Faults));
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

    private static (string? Target, long Number) Only() =>
        Environment.GetEnvironmentVariable("AMNRE_FUZZ_CASE")?.Split('/') is [var target, var number] ? (target, long.Parse(number, CultureInfo.InvariantCulture)) : (null, 0);
}
