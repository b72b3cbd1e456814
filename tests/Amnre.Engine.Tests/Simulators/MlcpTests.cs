using Amnre.Engine.Simulators;

namespace Amnre.Engine.Tests.Simulators;

public sealed class MlcpTests
{
    [Fact]
    public void Draws_score_what_the_likelihood_predicts()
    {
        // The score d log p(x|theta) / d theta has mean zero under p(x|theta); a wrong draw or a wrong likelihood shifts it.
        const int Rows = 40_000;
        const float Step = 1e-2f;
        var mlcp = new Mlcp();
        var (theta, x) = (new float[Rows * 8], new float[Rows * 16]);
        mlcp.Sample(5, 0, theta, x);
        for (var parameter = 0; parameter < 8; parameter++)
        {
            double count = 0, sum = 0, squares = 0;
            for (var row = 0; row < Rows; row++)
            {
                var t = theta.AsSpan(row * 8, 8).ToArray();
                // Small scales make the finite difference meaningless.
                if (Math.Abs(t[4]) < 0.7 || Math.Abs(t[5]) < 0.7) continue;
                var points = x.AsSpan(row * 16, 16);
                var centre = t[parameter];
                t[parameter] = centre + Step;
                var above = mlcp.LogLikelihood(t, points);
                t[parameter] = centre - Step;
                var score = (above - mlcp.LogLikelihood(t, points)) / (2 * Step);
                count++;
                sum += score;
                squares += score * score;
            }

            Assert.InRange(sum / Math.Sqrt(squares), -4.5, 4.5);
            Assert.True(count > 10_000 && squares > 0);
        }
    }
}
