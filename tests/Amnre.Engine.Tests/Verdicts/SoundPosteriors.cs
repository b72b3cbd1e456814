namespace Amnre.Engine.Tests.Verdicts;

/// <summary>Exact posteriors of simulators that differ in size, noise, correlation and modes.</summary>
internal static class SoundPosteriors
{
    public static IEnumerable<PlantedCase> Of(ulong seed)
    {
        (int Size, int Values, double Noise)[] kinds =
            [(1, 1, 0.3), (1, 4, 2), (2, 2, 0.5), (2, 2, 5), (2, 8, 0.2), (2, 3, 1), (3, 3, 1), (3, 5, 0.1), (3, 12, 2), (4, 4, 0.5)];
        for (var round = 0; round < 2; round++)
        {
            foreach (var (index, (size, values, noise)) in kinds.Index())
            {
                // As many kinds with two modes as fit.
                if (round == 1 && index == 2)
                {
                    yield return new("sound", "two modes", new SignlessStudy(), new SignlessModel());
                    continue;
                }

                var study = new LinearStudy(size, values, noise, seed * 1000 + (ulong)(round * 100 + index));
                yield return new(
                    "sound", FormattableString.Invariant($"{size} parameters, {values} values, noise {noise}"), study, new NormalModel(study));
            }
        }
    }
}
